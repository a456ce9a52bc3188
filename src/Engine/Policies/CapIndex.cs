using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Customers;

namespace Decisioning.Engine.Policies;

/// <summary>
/// Where each cap of a strategy counts what: one counter per cap and thing counted together (all, an issue, a group, an action).
/// Built once per strategy, so that counting a contact looks names up once and asking a treatment looks none up.
/// </summary>
internal sealed class CapIndex
{
    private const int None = -1;

    // A channel that no treatment has: whatever a cap counts there binds nothing.
    private const int Nowhere = -2;

    private readonly FrozenDictionary<string, ActionDefinition> _actions;
    private readonly FrozenDictionary<string, int> _issues;
    private readonly FrozenDictionary<(string Issue, string Group), int> _groups;
    private readonly FrozenDictionary<string, int> _channels;
    private readonly ImmutableArray<int> _offsets;
    private readonly uint _outcomes;
    private readonly ImmutableArray<ImpressionCap> _ofImpressions;

    public CapIndex(ImmutableArray<ContactCap> caps, ImmutableArray<ActionDefinition> actions)
    {
        Caps = caps;
        _actions = actions.ToFrozenDictionary(action => action.Name, StringComparer.Ordinal);
        _issues = Numbered(actions.Select(action => action.Issue));
        _groups = Numbered(actions.Select(action => (action.Issue, action.Group)));
        _channels = Numbered(actions.SelectMany(action => action.Treatments).Select(treatment => treatment.Channel));

        var offsets = ImmutableArray.CreateBuilder<int>(caps.Length);
        foreach (var cap in caps)
        {
            offsets.Add(Counters);
            Counters += cap.Scope switch
            {
                CapScope.All => 1,
                CapScope.Issue => _issues.Count,
                CapScope.Group => _groups.Count,
                CapScope.Channel => _channels.Count,
                _ => actions.Length,
            };
            _outcomes |= 1u << (int)cap.Outcome;
        }

        _offsets = offsets.MoveToImmutable();
        _ofImpressions = [.. caps.Index().Where(cap => cap.Item.Outcome == Outcome.Impression).Select(cap => new ImpressionCap(
            cap.Index, cap.Item.Scope, _offsets[cap.Index], cap.Item.Channel is null, cap.Item.Channel is { } channel && _channels.TryGetValue(channel, out var number) ? number : Nowhere, cap.Item.Within.Ticks))];
        Closed = [.. caps.Index().Where(cap => cap.Item.AtMost == 0).SelectMany(cap => Enumerable.Range(
            _offsets[cap.Index], (cap.Index + 1 < caps.Length ? _offsets[cap.Index + 1] : Counters) - _offsets[cap.Index]))];
    }

    /// <summary>The caps, in the author's order.</summary>
    public ImmutableArray<ContactCap> Caps { get; }

    /// <summary>How many counters there are.</summary>
    public int Counters { get; }

    /// <summary>The counters of caps that allow none.</summary>
    public ImmutableArray<int> Closed { get; }

    /// <summary>The caps that count impressions, as they are asked for a mark.</summary>
    public ReadOnlySpan<ImpressionCap> OfImpressions => _ofImpressions.AsSpan();

    /// <summary>Whether any cap counts an outcome.</summary>
    public bool Counts(Outcome outcome) => (_outcomes & (1u << (int)outcome)) != 0;

    /// <summary>The caps that bind a treatment, in the author's order, each with the counter it asks.</summary>
    public ImmutableArray<CapUse> UsesOf(ActionDefinition action, string channel)
    {
        var uses = ImmutableArray.CreateBuilder<CapUse>();
        for (var cap = 0; cap < Caps.Length; cap++)
        {
            if (Caps[cap].Channel is null || Caps[cap].Channel == channel)
            {
                uses.Add(new(cap, CounterOf(cap, action.Issue, action.Group, action.Name, channel)));
            }
        }

        return uses.ToImmutable();
    }

    /// <summary>The counter of a cap that a contact belongs to; negative for none: what it concerned is no longer in the strategy.</summary>
    public int CounterOf(int cap, string issue, string group, string action, string channel)
    {
        var counter = Caps[cap].Scope switch
        {
            CapScope.All => 0,
            CapScope.Issue => IssueOf(issue, action),
            CapScope.Group => GroupOf(issue, group, action),
            CapScope.Channel => _channels.TryGetValue(channel, out var number) ? number : None,
            _ => _actions.TryGetValue(action, out var known) ? known.Index : None,
        };
        return counter == None ? None : _offsets[cap] + counter;
    }

    /// <summary>The mark of an offer.</summary>
    public OfferMark MarkOf(OpenOffer offer) => new(
        offer.ExpiresAt.UtcTicks,
        offer.At.UtcTicks,
        OfferMark.HashOf(offer.DecisionId),
        checked((short)IssueOf(offer.Issue, offer.Action)),
        checked((short)GroupOf(offer.Issue, offer.Group, offer.Action)),
        checked((short)(_actions.TryGetValue(offer.Action, out var known) ? known.Index : None)),
        checked((short)(_channels.TryGetValue(offer.Channel, out var number) ? number : None)));

    // A response that came without a token names only its action.
    private int IssueOf(string issue, string action)
    {
        var name = issue.Length == 0 && _actions.TryGetValue(action, out var known) ? known.Issue : issue;
        return _issues.TryGetValue(name, out var index) ? index : None;
    }

    private int GroupOf(string issue, string group, string action)
    {
        var name = group.Length == 0 && _actions.TryGetValue(action, out var known) ? (known.Issue, known.Group) : (issue, group);
        return _groups.TryGetValue(name, out var index) ? index : None;
    }

    private static FrozenDictionary<T, int> Numbered<T>(IEnumerable<T> names)
        where T : notnull => names.Distinct().Select((name, index) => (name, index)).ToFrozenDictionary(pair => pair.name, pair => pair.index);
}

/// <summary>A cap that counts impressions.</summary>
/// <param name="Cap">Which cap.</param>
/// <param name="Scope">What it counts together.</param>
/// <param name="Offset">Its first counter.</param>
/// <param name="IsOfAnyChannel">Whether it counts on all channels.</param>
/// <param name="Channel">The number of the one it counts on.</param>
/// <param name="Within">How long it counts what was, in ticks.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ImpressionCap(int Cap, CapScope Scope, int Offset, bool IsOfAnyChannel, int Channel, long Within)
{
    /// <summary>The counter that an offer belongs to; negative for none.</summary>
    /// <param name="mark">The offer's mark.</param>
    /// <param name="now">The instant, in ticks of UTC.</param>
    public int CounterOf(in OfferMark mark, long now)
    {
        if ((!IsOfAnyChannel && Channel != mark.Channel) || now - mark.At >= Within)
        {
            return -1;
        }

        var number = Scope switch
        {
            CapScope.All => 0,
            CapScope.Issue => mark.Issue,
            CapScope.Group => mark.Group,
            CapScope.Channel => mark.Channel,
            _ => mark.Action,
        };
        return number < 0 ? -1 : Offset + number;
    }
}

/// <summary>A cap that binds a treatment.</summary>
/// <param name="Cap">Which cap.</param>
/// <param name="Counter">The counter it asks.</param>
internal readonly record struct CapUse(int Cap, int Counter);
