using System.Collections.Immutable;
using Decisioning.Contracts.Messages;
using Decisioning.Engine;
using Decisioning.Engine.Customers;

namespace Decisioning.Gateway.Privacy;

/// <summary>Under which keys a person is kept: the one place that says it, for exports and erasures. It goes by what can be read where a log is damaged.</summary>
internal sealed class CustomerIdentities(CustomerGrains customers)
{
    /// <summary>Every key of whoever is known by one of them.</summary>
    public async Task<Person> OfAsync(CustomerKey key, CancellationToken cancellationToken)
    {
        var seen = new Dictionary<CustomerKey, LinksReply>();
        var way = new List<CustomerKey>();
        for (CustomerKey? next = key; next is { } at && !seen.ContainsKey(at) && way.Count <= Limits.IdentityHopsMax; next = seen[at].MovedTo)
        {
            seen[at] = await customers.Of(at).LinksAsync(cancellationToken);
            way.Add(at);
        }

        // Those that moved to an identity which moved on are named by both.
        var others = new List<CustomerKey>();
        for (var isMore = true; isMore;)
        {
            var named = way.Concat(others).SelectMany(mine => seen[mine].Identities).ToList();
            var fresh = named.Select(identity => identity.Key).Distinct().Where(identity => !seen.ContainsKey(identity)).ToList();
            foreach (var (identity, links) in fresh.Zip(await Task.WhenAll(fresh.Select(identity => customers.Of(identity).LinksAsync(cancellationToken).AsTask()))))
            {
                seen[identity] = links;
            }

            var mine = named.Where(identity => !way.Contains(identity.Key) && !others.Contains(identity.Key) && IsMine(identity)).Select(identity => identity.Key).Distinct().ToList();
            others.AddRange(mine);
            isMore = mine.Count > 0;
        }

        // What says that it comes, and has moved nowhere so far.
        var coming = way.Concat(others).SelectMany(mine => seen[mine].Identities).Where(identity => !identity.IsDone).Select(identity => identity.Key).Distinct()
            .Where(identity => !way.Contains(identity) && !others.Contains(identity) && seen[identity].MovedTo is null);
        return new([.. way], [.. others], [.. coming], [.. seen.Keys], way.Concat(others).Sum(mine => seen[mine].Unreadable));

        // One that was announced may not have come, and be another's by now; where its own log cannot tell, the other's word stands.
        bool IsMine(LinkedIdentity identity) => seen[identity.Key] is var links && links.MovedTo is { } to
            ? way.Contains(to) || others.Contains(to)
            : links.Unreadable > 0 && identity.IsDone;
    }
}

/// <summary>The keys that a person is kept under.</summary>
/// <param name="Way">From the identity asked for over its moves to the customer: at least one.</param>
/// <param name="Others">The customer's further identities.</param>
/// <param name="Coming">Identities that announced themselves and have not moved: on the way, or not to come after all.</param>
/// <param name="Seen">Every identity that was looked at, also those that are others' after all.</param>
/// <param name="Unreadable">Events and states that are damaged: identities that only these named are not found.</param>
internal sealed record Person(
    ImmutableArray<CustomerKey> Way, ImmutableArray<CustomerKey> Others, ImmutableArray<CustomerKey> Coming, ImmutableArray<CustomerKey> Seen, long Unreadable)
{
    /// <summary>The customer.</summary>
    public CustomerKey Customer => Way[^1];

    /// <summary>All keys: the one asked for first, then the customer's, then the rest.</summary>
    public ImmutableArray<CustomerKey> Keys => Way.Length == 1 ? [.. Way, .. Others] : [Way[0], Way[^1], .. Way[1..^1], .. Others];
}
