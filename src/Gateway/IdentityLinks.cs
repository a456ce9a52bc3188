using System.Collections.Immutable;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Gateway.Access;

namespace Decisioning.Gateway;

/// <summary>Links the identities that one call's events name, in the name of its caller. The grains move; which moves to which is found out here.</summary>
internal sealed class IdentityLinks(CustomerGrains customers, Caller caller, CancellationToken cancellationToken)
{
    // Another may link one of the two meanwhile; then both are looked at again.
    private const int TriesMax = 4;

    /// <summary>Records events and links the identities they name: before, where the events say who somebody is, else after.</summary>
    /// <returns>As the grain answers; unlinked are those that stay apart.</returns>
    public async Task<RecordReply> RecordAsync(CustomerKey key, RecordRequest record)
    {
        var grain = customers.Of(key);
        var isVerified = IsVerified(key);

        // Someone trusted who says who somebody is confirms what was only asserted, also where it is linked.
        var confirms = record.IsLinkFirst && isVerified;
        var reply = confirms ? new(0, []) { Unlinked = record.Identities } : await grain.RecordAsync(record, cancellationToken);
        if (reply.Unlinked.IsEmpty)
        {
            return reply;
        }

        var refused = record.IsLinkFirst ? await FormerUsersAsync(key, record.Events) : [];
        var apart = ImmutableArray.CreateBuilder<CustomerKey>();
        foreach (var identity in reply.Unlinked)
        {
            if (!refused.Contains(identity) && !await LinkAsync(identity, key, isVerified))
            {
                apart.Add(identity);
            }
        }

        if (record.IsLinkFirst)
        {
            reply = await RecordLinkedAsync(grain, record.Events, refused);
        }

        return reply with { Unlinked = apart.ToImmutable() };
    }

    // A visitor's own token says who its own user is; a website's key could say anything.
    private bool IsVerified(CustomerKey key) => !caller.IsPublic || (caller.VisitorId is not null && key.IsUser);

    private async Task<bool> LinkAsync(CustomerKey one, CustomerKey other, bool isVerified)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            var (left, right) = (await customers.Of(one).ResolveAsync(cancellationToken), await customers.Of(other).ResolveAsync(cancellationToken));
            if (left.Customer == right.Customer)
            {
                await SettleAsync(one, left, isVerified);
                await SettleAsync(other, right, isVerified);
                return true;
            }

            if (left.Customer.IsUser && right.Customer.IsUser)
            {
                return false;
            }

            var (from, to) = Linking.MayMove(left.Customer, right.Customer) ? (left.Customer, right.Customer) : (right.Customer, left.Customer);
            if (await customers.Of(from).LinkAsync(new(to, isVerified), cancellationToken) is LinkStatus.Full or LinkStatus.TooFar)
            {
                return false;
            }
        }

        throw new StoreUnavailableException("others link these identities at the same time; nothing was acknowledged: repeat with the same ids", isOverload: false);
    }

    // What a crash left to do is done, and what a visitor's program had said is confirmed.
    private async Task SettleAsync(CustomerKey identity, ResolveReply resolved, bool isVerified)
    {
        if (isVerified && !resolved.IsVerified)
        {
            await customers.Of(identity).ConfirmAsync(cancellationToken);
        }
        else if (!resolved.IsDone)
        {
            await customers.Of(identity).LinkAsync(new(resolved.Customer, isVerified), cancellationToken);
        }
    }

    /// <summary>Former ids of aliases that are known customers' own, as the visitors' they were taken for.</summary>
    private async Task<ImmutableArray<CustomerKey>> FormerUsersAsync(CustomerKey key, ImmutableArray<CustomerEvent> events)
    {
        var found = ImmutableArray.CreateBuilder<CustomerKey>();
        foreach (var e in events)
        {
            if (Former(key, e) is { } visitor
                && CustomerKey.User(key.Tenant, visitor.Id) is var user && user != key
                && (await customers.Of(visitor).ResolveAsync(cancellationToken)) is { Sequence: 0 }
                && (await customers.Of(user).ResolveAsync(cancellationToken)) is { Sequence: > 0 })
            {
                found.Add(visitor);
            }
        }

        return found.ToImmutable();
    }

    private static CustomerKey? Former(CustomerKey key, CustomerEvent e) =>
        e.Type == EventType.Alias && e.Properties.TryGet("previous_id", out var id) ? CustomerKey.Anonymous(key.Tenant, id.AsString()) : null;

    private async Task<RecordReply> RecordLinkedAsync(ICustomerGrain grain, ImmutableArray<CustomerEvent> events, ImmutableArray<CustomerKey> refused)
    {
        if (refused.IsEmpty)
        {
            return await grain.RecordAsync(new(events), cancellationToken);
        }

        var isRefused = events.Select(e => refused.Any(visitor => Former(visitor, e) == visitor)).ToList();
        var reply = await grain.RecordAsync(new([.. events.Where((_, i) => !isRefused[i])]), cancellationToken);
        var (outcomes, next) = (ImmutableArray.CreateBuilder<RecordOutcome>(events.Length), 0);
        for (var i = 0; i < events.Length; i++)
        {
            outcomes.Add(isRefused[i] ? TwoUsers(events[i]) : reply.Outcomes[next++]);
        }

        return reply with { Outcomes = outcomes.MoveToImmutable() };
    }

    private static RecordOutcome TwoUsers(CustomerEvent e) => new(
        e.MessageId, RecordStatus.Rejected, 0,
        [new("previous_id", "is a known customer's own id", "two known customers are not made one; send a visitor's id, or keep both apart")]);
}
