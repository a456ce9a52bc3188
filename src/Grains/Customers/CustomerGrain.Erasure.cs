using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Storage;

namespace Decisioning.Grains.Customers;

// How the customer is forgotten.
public sealed partial class CustomerGrain
{
    /// <inheritdoc/>
    public async Task<EraseReply> EraseAsync(CancellationToken cancellationToken = default)
    {
        // From here on nobody is answered by what is to go, whatever becomes of the store: whoever asks after this loads what is left.
        (State, _offers, _isInDoubt) = (CustomerState.Empty, OpenOffers.Empty, true);
        (_snapshotAt, _dueAt, _quietUntil, _offersFollow) = (0, null, default, 0);
        DeactivateOnIdle();
        try
        {
            // A snapshot that waits would be kept after its log is gone, and may fit the new one.
            await services.Snapshots.DrainAsync(cancellationToken);
            var erased = await services.Erasure.EraseAsync(_key, cancellationToken);
            _isInDoubt = false;
            return new(erased.Customers, erased.Events, erased.Decisions, erased.Snapshots, erased.DueRows);
        }
        catch (StorageUnavailableException e)
        {
            throw Unavailable(e);
        }
    }
}
