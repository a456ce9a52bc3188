using Decisioning.Engine.Customers;
using Decisioning.Engine.Strategies;
using Decisioning.Grains.Strategies;
using Decisioning.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Decisioning.Grains.Retention;

/// <summary>
/// Takes the contents of a customer's old events away. The state they made is folded again and kept in their place, so that
/// everything younger can be made again exactly; and it is held against the newest snapshot before anything goes.
/// </summary>
public sealed partial class CustomerReduction(
    ICustomerLog log,
    IRetention retention,
    StrategyCatalog strategies,
    TimeProvider clock,
    IOptions<StorageOptions> options,
    ILogger<CustomerReduction> logger)
{
    /// <summary>How long events of a tenant are kept: by the strategy in force, or else by the settings; null for ever.</summary>
    public TimeSpan? AgeOf(string tenant) => strategies.Of(tenant).Current?.Retention ?? options.Value.Retention.Events;

    /// <summary>Reduces what is past its age.</summary>
    /// <returns>How many events were reduced.</returns>
    /// <exception cref="StorageUnavailableException">The store failed; the customer is whole, doing it again goes on.</exception>
    public async Task<long> ReduceAsync(CustomerKey customer, CancellationToken cancellationToken)
    {
        await strategies.EnsureAsync(customer.Tenant, cancellationToken);
        if (strategies.Of(customer.Tenant).Current is not { } strategy || AgeOf(customer.Tenant) is not { } age)
        {
            return 0;
        }

        // The snapshot first: one that is kept in between would be ahead of the log that was read.
        var newest = (await log.LoadAsync(customer, clock.GetUtcNow(), cancellationToken)).Snapshot;
        var history = await log.LoadLogAsync(customer, cancellationToken);
        var cutoff = clock.GetUtcNow() - age;
        var old = history.Tail.TakeWhile(recorded => recorded.Event.ReceivedAt < cutoff).Count();
        if (old == 0)
        {
            return 0;
        }

        var state = await FoldAsync(customer, history, old, newest, strategy, cancellationToken);
        return await retention.ReduceAsync(customer, state, history.Tail[old - 1].Sequence, cancellationToken);
    }

    /// <summary>The state to stand for the first events of a log; the newest snapshot covers it.</summary>
    private async Task<CustomerState> FoldAsync(
        CustomerKey customer, CustomerHistory history, int old, CustomerState? newest, Strategy inForce, CancellationToken cancellationToken)
    {
        var versions = await strategies.ForAsync(customer.Tenant, history.Tail, inForce, cancellationToken);
        var state = Folding.Replay(history.Snapshot ?? CustomerState.Empty, history.Tail[..old], versions);
        if (newest is null || newest.Sequence < state.Sequence)
        {
            await log.SaveSnapshotAsync(customer, state, cancellationToken);
            return state;
        }

        var until = (int)(newest.Sequence - state.Sequence) + old;
        if (StoredForm.AreSame(Folding.Replay(state, history.Tail[old..until], versions), newest))
        {
            return state;
        }

        // A log of before versions were kept with events, or of a version that is not to be had: what was held is what counted.
        LogDiffers(customer.Mark, newest.Sequence);
        return newest;
    }

    [LoggerMessage(EventId = 152, Level = LogLevel.Warning,
        Message = "the old events of customer {Customer} do not fold to the snapshot at {Sequence}; the snapshot stands for them, and nothing before it can be replayed")]
    private partial void LogDiffers(string customer, long sequence);
}
