using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Customers;

/// <summary>
/// How identities become one customer: one of them moves to the other. It announces itself there, says so in its own log, carries its events over, has
/// that said there, and notes that it is done: five writes, each once for ever, so that it goes on from any of them.
/// </summary>
public static class Linking
{
    private const string IdPrefix = "identity-link-";
    private const string To = "to";
    private const string Verified = "verified";
    private const string Identity = "identity";
    private const string HopsName = "hops";

    /// <summary>
    /// Whether an identity moves to another rather than the other way round: visitors to external ids, these to users, and among their like to the greater
    /// by ordinal order. So no moves ever go in a circle, and calls along them never wait for each other. Users do not move.
    /// </summary>
    public static bool MayMove(CustomerKey from, CustomerKey to) =>
        from.Tenant == to.Tenant
        && !from.IsUser
        && (Rank(from).CompareTo(Rank(to)) is var rank && rank != 0 ? rank < 0 : string.CompareOrdinal(from.Value, to.Value) < 0);

    /// <summary>Whether a message id is one that only the events made here have.</summary>
    public static bool IsLinkId(string messageId) => messageId.StartsWith(IdPrefix, StringComparison.Ordinal);

    /// <summary>Whether a recorded event goes along when its identity moves; what the engine made of time and moves itself does not.</summary>
    public static bool IsCarried(CustomerEvent e) => e.Type is not (EventType.Wake or EventType.Link);

    /// <summary>Moves that the longest way to the customer takes; 0 for one without further identities.</summary>
    public static int HopsTo(CustomerState state)
    {
        var hops = 0;
        foreach (var identity in state.Identities)
        {
            hops = Math.Max(hops, identity.Hops);
        }

        return hops;
    }

    /// <summary>The event by which an identity that moves makes itself known to where it goes.</summary>
    public static CustomerEvent Announced(CustomerKey identity, int hops, DateTimeOffset now) =>
        Event("announced-", identity, EventNames.IdentityAnnounced, now, (HopsName, Value.Of((long)hops)), (Identity, Value.Of(identity.Value)));

    /// <summary>The event by which an identity's own log ends.</summary>
    public static CustomerEvent Moved(CustomerKey to, bool isVerified, DateTimeOffset now) =>
        Event(isVerified ? "verified-" : "moved-", to, EventNames.IdentityMoved, now, (To, Value.Of(to.Value)), (Verified, Value.Of(isVerified)));

    /// <summary>The event by which an identity has arrived with all its events.</summary>
    public static CustomerEvent Linked(CustomerKey identity, int hops, DateTimeOffset now) =>
        Event("linked-", identity, EventNames.IdentityLinked, now, (HopsName, Value.Of((long)hops)), (Identity, Value.Of(identity.Value)));

    /// <summary>The event by which an identity notes that nothing is left to do.</summary>
    public static CustomerEvent CarriedOver(CustomerKey to, DateTimeOffset now) =>
        Event("carried-", to, EventNames.IdentityCarriedOver, now, (To, Value.Of(to.Value)));

    /// <summary>What of a log tells where its identity moved and who moved there: all else in the state stays as it was.</summary>
    /// <param name="state">The state to begin with.</param>
    /// <param name="events">Events of the log in their order, from whichever on.</param>
    public static CustomerState FoldLinks(CustomerState state, IEnumerable<CustomerEvent> events)
    {
        foreach (var e in events)
        {
            state = e.Type == EventType.Link ? Apply(state, e) : state;
        }

        return state;
    }

    /// <summary>The state after one of these events.</summary>
    internal static CustomerState Apply(CustomerState state, CustomerEvent e) => e.Name switch
    {
        EventNames.IdentityMoved when Key(e, To) is { } to => state with
        {
            MovedTo = state.MovedTo is { } moved
                ? moved with { IsVerified = moved.IsVerified || (moved.To == to && IsVerified(e)) }
                : new(to, IsVerified(e), IsDone: false),
        },
        EventNames.IdentityCarriedOver when state.MovedTo is { } moved => state with { MovedTo = moved with { IsDone = true } },
        EventNames.IdentityAnnounced or EventNames.IdentityLinked when Key(e, Identity) is { } identity => state with
        {
            Identities = With(state.Identities, new(identity, e.Timestamp, Hops(e), e.Name == EventNames.IdentityLinked)),
        },
        _ => state,
    };

    private static ImmutableArray<LinkedIdentity> With(ImmutableArray<LinkedIdentity> identities, LinkedIdentity added)
    {
        for (var i = 0; i < identities.Length; i++)
        {
            if (identities[i].Key == added.Key)
            {
                return identities.SetItem(i, identities[i] with { IsDone = identities[i].IsDone || added.IsDone });
            }
        }

        return identities.Length < Limits.IdentitiesPerCustomerMax ? identities.Add(added) : identities;
    }

    private static int Rank(CustomerKey key) => key.IsAnonymous ? 0 : key.IsExternal ? 1 : 2;

    private static bool IsVerified(CustomerEvent e) => e.Properties.TryGet(Verified, out var value) && value.Kind == ValueKind.Bool && value.AsBool();

    private static int Hops(CustomerEvent e) => e.Properties.TryGet(HopsName, out var value) && value.TryInt(out var hops) ? (int)hops : 1;

    private static CustomerKey? Key(CustomerEvent e, string property) =>
        e.Properties.TryGet(property, out var value) && value.Kind == ValueKind.String && CustomerKey.TryParse(value.AsString(), out var key) ? key : null;

    // It happens when we get it: so what is written again after a crash is the same.
    private static CustomerEvent Event(string step, CustomerKey other, string name, DateTimeOffset now, params ReadOnlySpan<(string Name, Value Value)> properties) => new(
        IdPrefix + step + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(other.Value)).AsSpan(0, 16)),
        EventType.Link, name, now, now, PropertyMap.Of(properties), PropertyMap.Empty);
}
