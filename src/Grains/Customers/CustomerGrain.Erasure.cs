using System.Collections.Immutable;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Storage;

namespace Decisioning.Grains.Customers;

// How the customer is forgotten, also one whose log is damaged.
public sealed partial class CustomerGrain
{
    private const int LinksPerPage = 500;

    /// <inheritdoc/>
    public async ValueTask<LinksReply> LinksAsync(CancellationToken cancellationToken = default)
    {
        if (_notLoaded is null && !_isInDoubt)
        {
            return new(State.MovedTo?.To, State.Identities, 0);
        }

        try
        {
            return await ReadLinksAsync(cancellationToken);
        }
        catch (StorageUnavailableException e)
        {
            throw Unavailable(e);
        }
    }

    /// <inheritdoc/>
    public async Task EndMoveAsync(EndMoveRequest request, CancellationToken cancellationToken = default)
    {
        using var turn = await TakeTurnAsync(cancellationToken);
        if (_notLoaded is not null || _isInDoubt)
        {
            try
            {
                await LoadAsync(cancellationToken);
                _notLoaded = null;
            }
            catch (Exception e) when (e is NoStrategyException || _isDamaged)
            {
                // What cannot be loaded carries nothing over.
                DeactivateOnIdle();
                return;
            }
        }

        if (State.MovedTo is { IsDone: false } moved && request.To.Contains(moved.To))
        {
            await RecordHereAsync([Linking.CarriedOver(moved.To, services.Clock.GetUtcNow())], hashes: default, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<EraseReply> EraseAsync(EraseIdentityRequest request, CancellationToken cancellationToken = default)
    {
        using var turn = await TakeTurnAsync(cancellationToken);
        var links = await LinksAsync(cancellationToken);
        IEnumerable<CustomerKey> linked = [.. links.Identities.Select(identity => identity.Key), .. links.MovedTo is { } to ? [to] : ImmutableArray<CustomerKey>.Empty];
        var unknown = linked.Except(request.Known).ToImmutableArray();
        if (!unknown.IsEmpty)
        {
            return new(0, 0, 0, 0, 0) { Unknown = unknown };
        }

        // From here on nobody is answered by what is to go, whatever becomes of the store: whoever asks after this loads what is left.
        (State, _offers, _isInDoubt, _notLoaded) = (CustomerState.Empty, OpenOffers.Empty, true, null);
        (_snapshotAt, _dueAt, _quietUntil, _offersFollow) = (0, null, default, 0);
        DeactivateOnIdle();
        try
        {
            // A snapshot that waits would be kept after its log is gone, and may fit the new one.
            await services.Snapshots.DrainAsync(cancellationToken);
            var erased = await services.Erasure.EraseAsync(_key, cancellationToken);
            _isInDoubt = false;

            // Rarely done: told whether or not someone is known to watch.
            services.Changes.Publish(_key, [new(ChangeKind.Erased, 0, "", services.Clock.GetUtcNow())], isWatched: true);
            return new(erased.Customers, erased.Events, erased.Decisions, erased.Snapshots, erased.DueRows);
        }
        catch (StorageUnavailableException e)
        {
            throw Unavailable(e);
        }
    }

    private async Task<LinksReply> ReadLinksAsync(CancellationToken cancellationToken)
    {
        var states = await services.Kept.ReadStatesAsync(_key, cancellationToken);
        var pages = await services.Kept.FindPagesAsync(_key, LinksPerPage, cancellationToken);
        var (state, unreadable) = (states.Newest ?? CustomerState.Empty, states.Unreadable + pages.Missing);
        foreach (var start in pages.Starts)
        {
            var page = await services.Kept.ReadEventsAsync(_key, start, LinksPerPage, cancellationToken);
            state = Linking.FoldLinks(state, page.Events.Select(recorded => recorded.Event));
            unreadable += page.Unreadable;
        }

        return new(state.MovedTo?.To, state.Identities, unreadable);
    }
}
