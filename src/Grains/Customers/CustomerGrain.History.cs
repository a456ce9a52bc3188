using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Replaying;
using Decisioning.Storage;

namespace Decisioning.Grains.Customers;

// Whether what is held is what the log says.
public sealed partial class CustomerGrain
{
    /// <inheritdoc/>
    public async Task<VerifyReply> VerifyAsync(CancellationToken cancellationToken = default)
    {
        RequireLoaded();

        // Taken before the log is read, which then has at least the events it was folded from.
        var held = State;
        try
        {
            var log = await services.Log.LoadLogAsync(_key, cancellationToken);
            var start = log.Snapshot ?? CustomerState.Empty;
            var events = log.Tail.RemoveAll(recorded => recorded.Sequence > held.Sequence);
            var versions = await services.Strategies.ForAsync(_key.Tenant, events, Strategy, cancellationToken);
            return new(held.Sequence, events.Length, StateComparison.Of(held, Folding.Replay(start, events, versions)));
        }
        catch (StorageUnavailableException e)
        {
            throw Unavailable(e);
        }
    }
}
