using System.Collections.Immutable;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine;
using Decisioning.Engine.Customers;
using Decisioning.Storage;
using Orleans;

namespace Decisioning.Grains.Customers;

// How this identity moves to another, passes on what it is asked and told from then on, and takes in others that move here. Calls go along
// moves only (Linking.MayMove), so that no two grains ever wait for each other.
public sealed partial class CustomerGrain
{
    // 100 events of 1 KB typical, 25 MB of the largest.
    private const int CarriedAtOnceMax = 100;

    // When the due row has a move gone on with that was cut off: well after one that was not is done.
    private static readonly TimeSpan CarriedOverAfter = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async ValueTask<ResolveReply> ResolveAsync(CancellationToken cancellationToken = default)
    {
        RequireLoaded();
        _isAsked = true;
        if (State.MovedTo is not { } moved)
        {
            return new(_key, IsVerified: true, IsDone: true, State.Sequence);
        }

        var reply = await Grain(moved.To).ResolveAsync(cancellationToken);
        return reply with { IsVerified = reply.IsVerified && moved.IsVerified, IsDone = reply.IsDone && moved.IsDone };
    }

    /// <inheritdoc/>
    public async Task<LinkStatus> LinkAsync(LinkRequest request, CancellationToken cancellationToken = default)
    {
        _isAsked = true;
        using var turn = await TakeTurnAsync(cancellationToken);
        if (await MovedAsync(cancellationToken) is not null)
        {
            return LinkStatus.Moved;
        }

        if (!Linking.MayMove(_key, request.To))
        {
            throw new ArgumentException("identities move to such as come after them only", nameof(request));
        }

        var hops = Linking.HopsTo(State) + 1;
        if (hops > Limits.IdentityHopsMax)
        {
            return LinkStatus.TooFar;
        }

        // Announced first, so that it has a place there, and whoever looks for all identities of a customer never misses one.
        var announced = await Grain(request.To).AnnounceAsync(
            new([new(_key, services.Clock.GetUtcNow(), hops, IsDone: false), .. State.Identities]), cancellationToken);
        if (!announced.HasRoom)
        {
            return LinkStatus.Full;
        }

        await RecordHereAsync([Linking.Moved(announced.Customer, request.IsVerified, services.Clock.GetUtcNow())], hashes: default, cancellationToken);
        await CarryOverAsync(announced.Customer, cancellationToken);
        return LinkStatus.Linked;
    }

    /// <inheritdoc/>
    public async Task ConfirmAsync(CancellationToken cancellationToken = default)
    {
        _isAsked = true;
        using var turn = await TakeTurnAsync(cancellationToken);
        if (await MovedAsync(cancellationToken) is not { } target)
        {
            return;
        }

        if (State.MovedTo is { IsVerified: false } moved)
        {
            await RecordHereAsync([Linking.Moved(moved.To, isVerified: true, services.Clock.GetUtcNow())], hashes: default, cancellationToken);
        }

        await target.ConfirmAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<AnnounceReply> AnnounceAsync(AnnounceRequest request, CancellationToken cancellationToken = default)
    {
        _isAsked = true;
        using var turn = await TakeTurnAsync(cancellationToken);
        if (await MovedAsync(cancellationToken) is { } target)
        {
            return await target.AnnounceAsync(request, cancellationToken);
        }

        var unknown = request.Identities.Count(announced => FindIdentity(announced.Key) is null);
        if (State.Identities.Length + unknown > Limits.IdentitiesPerCustomerMax)
        {
            return new(_key, HasRoom: false);
        }

        var now = services.Clock.GetUtcNow();
        var events = ImmutableArray.CreateBuilder<CustomerEvent>();
        foreach (var announced in request.Identities)
        {
            var known = FindIdentity(announced.Key);
            if (known is null)
            {
                events.Add(Linking.Announced(announced.Key, announced.Hops, now));
            }

            if (announced.IsDone && known is not { IsDone: true })
            {
                events.Add(Linking.Linked(announced.Key, announced.Hops, now));
            }
        }

        await RecordHereAsync(events.DrainToImmutable(), hashes: default, cancellationToken);
        return new(_key, HasRoom: true);
    }

    /// <inheritdoc/>
    public async Task<RecordReply> TakeOverAsync(TakeOverRequest request, CancellationToken cancellationToken = default)
    {
        _isAsked = true;
        using var turn = await TakeTurnAsync(cancellationToken);
        return await MovedAsync(cancellationToken) is { } target
            ? await target.TakeOverAsync(request, cancellationToken)
            : await RecordHereAsync(request.Events, request.ContentHashes, cancellationToken);
    }

    private ICustomerGrain Grain(CustomerKey key) => services.Customers.Of(key.Value);

    /// <summary>Where the identity has moved, with all its events there; null for one of its own.</summary>
    private async ValueTask<ICustomerGrain?> MovedAsync(CancellationToken cancellationToken)
    {
        RequireLoaded();
        if (_isInDoubt)
        {
            await LoadAsync(cancellationToken);
        }

        if (State.MovedTo is not { } moved)
        {
            return null;
        }

        if (!moved.IsDone)
        {
            await CarryOverAsync(moved.To, cancellationToken);
        }

        return Grain(moved.To);
    }

    /// <summary>What follows once the log says that the identity moves. Done again, it changes nothing.</summary>
    private async Task CarryOverAsync(CustomerKey to, CancellationToken cancellationToken)
    {
        var target = Grain(to);
        foreach (var batch in (await OwnEventsAsync(cancellationToken)).Chunk(CarriedAtOnceMax))
        {
            var reply = await target.TakeOverAsync(
                new([.. batch.Select(recorded => recorded.Event)], [.. batch.Select(recorded => recorded.ContentHash)]), cancellationToken);
            services.Meter.CarriedOver(reply.Outcomes);
        }

        var linked = Linking.Linked(_key, Linking.HopsTo(State) + 1, services.Clock.GetUtcNow());
        await target.TakeOverAsync(new([linked], [Recorder.ContentHash(linked)]), cancellationToken);
        await RecordHereAsync([Linking.CarriedOver(to, services.Clock.GetUtcNow())], hashes: default, cancellationToken);
        if (_dueAt is { } at)
        {
            try
            {
                await SettleAsync(at, null, cancellationToken);
            }
            catch (StoreUnavailableException)
            {
                // The sweep finds the row and nothing left to do.
            }
        }
    }

    private async Task<ImmutableArray<RecordedEvent>> OwnEventsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await services.Log.LoadLogAsync(_key, cancellationToken)).Tail.RemoveAll(recorded => !Linking.IsCarried(recorded.Event));
        }
        catch (StorageUnavailableException e)
        {
            throw Unavailable(e);
        }
    }

    private bool IsRecordedHere(RecordRequest request) => !_isInDoubt && State.MovedTo is null && request.Identities.IsEmpty;

    private async Task<RecordReply> RecordOrPassOnInTurnAsync(RecordRequest request, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken);
        return await RecordOrPassOnAsync(request, cancellationToken);
    }

    private async Task<RecordReply> RecordOrPassOnAsync(RecordRequest request, CancellationToken cancellationToken)
    {
        if (await MovedAsync(cancellationToken) is { } target)
        {
            return await target.RecordAsync(request, cancellationToken);
        }

        var unlinked = request.Identities.RemoveAll(identity => identity == _key || FindIdentity(identity) is { IsDone: true });
        return unlinked.IsEmpty ? await RecordHereAsync(request.Events, hashes: default, cancellationToken)
            : request.IsLinkFirst ? new(State.Sequence, []) { Unlinked = unlinked }
            : await RecordHereAsync(request.Events, hashes: default, cancellationToken) with { Unlinked = unlinked };
    }

    private ValueTask<DecideReply> DecideElsewhere(IdentityMove moved, DecideRequest request, CancellationToken cancellationToken) =>
        request.IsVerifiedOnly && !moved.IsVerified ? new(Decide(request.Request)) : Grain(moved.To).DecideAsync(request, cancellationToken);

    private LinkedIdentity? FindIdentity(CustomerKey key)
    {
        foreach (var identity in State.Identities)
        {
            if (identity.Key == key)
            {
                return identity;
            }
        }

        return null;
    }
}
