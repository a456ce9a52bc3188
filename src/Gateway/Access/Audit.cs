using Decisioning.Contracts;
using Decisioning.Engine.Access;
using Orleans;

namespace Decisioning.Gateway.Access;

/// <summary>Writes down what callers do with authority.</summary>
internal sealed class Audit(IGrainFactory grains, TimeProvider clock)
{
    /// <summary>Adds a row to the log of the caller's tenant. Comes before what it says: what cannot be written down is not done.</summary>
    /// <param name="caller">Who does it.</param>
    /// <param name="action">What, e.g. <c>customer.erase</c>.</param>
    /// <param name="subject">What to. Never a customer's id: rows stay for ever.</param>
    /// <param name="details">More, in words.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The row cannot be written.</exception>
    public Task<AuditEntry> AddAsync(Caller caller, string action, string subject, string details, CancellationToken cancellationToken) =>
        grains.GetGrain<IAuditGrain>(caller.Tenant).AddAsync(
            new AuditRecord(clock.GetUtcNow(), caller.KeyId, caller.Name, action, subject, details.Length > AuditRecord.DetailsCharsMax ? details[..AuditRecord.DetailsCharsMax] : details),
            cancellationToken);
}
