using System.Runtime.CompilerServices;
using Decisioning.Engine.Customers;

namespace Decisioning.Storage;

/// <summary>Reads records of decisions whole.</summary>
public static class DecisionLogs
{
    private const int DecisionsPerPage = 100;

    /// <summary>All decisions of a customer that are on the disk, newest first, for who needs each of them.</summary>
    /// <exception cref="StorageUnavailableException">The store failed, or some are damaged.</exception>
    public static async IAsyncEnumerable<DecisionRecord> ReadAsync(
        this IDecisionLog decisions, CustomerKey customer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = 0L;
        do
        {
            var page = await decisions.ReadDecisionsAsync(customer, next, DecisionsPerPage, cancellationToken).ConfigureAwait(false);
            if (page.Unreadable > 0)
            {
                throw new StorageUnavailableException($"{page.Unreadable} decisions of customer `{customer.Mark}` are damaged; restore the database from a backup") { IsDamage = true };
            }

            foreach (var record in page.Decisions)
            {
                yield return record;
            }

            next = page.Next;
        }
        while (next != 0);
    }
}
