using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;

namespace Decisioning.Gateway.Privacy;

/// <summary>Erases a person under all identities.</summary>
/// <remarks>
/// Cut off anywhere, the same call goes on: further identities go first, then the customer, and back over the moves to the identity asked for, by which the rest is
/// found. Before that every move is ended in the log of the identity that moves, so that no carry-over under way – here, in another process, or taken up by the sweep –
/// writes to the customer again once it is erased. An identity that announced itself and has not moved yet may be about to: the link that is under way is waited for, and
/// the identities are looked at again.
/// </remarks>
internal sealed class CustomerErasure(CustomerGrains customers, CustomerIdentities identities)
{
    // Each try fails only where another identity was linked, or about to be, since the one before.
    private const int TriesMax = 10;

    /// <summary>Erases whoever is known by a key.</summary>
    /// <param name="asked">The key.</param>
    /// <param name="person">Who that is, as looked at just now.</param>
    /// <param name="cancellationToken">Ends the wait between two steps.</param>
    /// <returns>What was deleted, as the sum over all identities, and how many rows of them could not be read.</returns>
    /// <exception cref="StoreUnavailableException">A store could not be reached, or identities were linked all the time: call again.</exception>
    public async Task<(EraseReply Erased, long Unreadable)> RunAsync(CustomerKey asked, Person person, CancellationToken cancellationToken)
    {
        var (sum, unreadable) = (new EraseReply(0, 0, 0, 0, 0), 0L);
        var waitedFor = new HashSet<CustomerKey>();
        for (var tries = 0; tries < TriesMax; tries++, person = await identities.OfAsync(asked, cancellationToken))
        {
            unreadable = Math.Max(unreadable, person.Unreadable);
            foreach (var moving in person.Keys.Where(key => key != person.Customer).Concat(person.Coming))
            {
                await customers.Of(moving).EndMoveAsync(new(person.Keys), cancellationToken);
            }

            var before = waitedFor.Count;
            waitedFor.UnionWith(person.Coming);
            if (waitedFor.Count > before)
            {
                continue;
            }

            var (erased, isDone) = await EraseAsync(person, cancellationToken);
            sum = Add(sum, erased);
            if (isDone)
            {
                return (sum, unreadable);
            }
        }

        throw new StoreUnavailableException("identities are linked with this customer all the time; some of it may be erased: repeat with the same `erasure_request_id`", isOverload: false);
    }

    /// <returns>What was deleted, and whether that was all: not so where an identity turned up that was not looked at.</returns>
    private async Task<(EraseReply Erased, bool IsDone)> EraseAsync(Person person, CancellationToken cancellationToken)
    {
        var sum = new EraseReply(0, 0, 0, 0, 0);
        foreach (var key in person.Others.Concat(person.Way.Reverse()))
        {
            var erased = await customers.Of(key).EraseAsync(new(person.Seen), cancellationToken);
            sum = Add(sum, erased);
            if (!erased.Unknown.IsEmpty)
            {
                return (sum, false);
            }
        }

        return (sum, true);
    }

    private static EraseReply Add(EraseReply left, EraseReply right) => new(
        left.Customers + right.Customers, left.Events + right.Events, left.Decisions + right.Decisions, left.Snapshots + right.Snapshots, left.DueRows + right.DueRows);
}
