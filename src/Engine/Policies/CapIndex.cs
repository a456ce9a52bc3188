using System.Collections.Frozen;
using System.Collections.Immutable;
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

    private readonly FrozenDictionary<string, ActionDefinition> _actions;
    private readonly FrozenDictionary<string, int> _issues;
    private readonly FrozenDictionary<(string Issue, string Group), int> _groups;
    private readonly FrozenDictionary<string, int> _channels;
    private readonly ImmutableArray<int> _offsets;
    private readonly uint _outcomes;

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
        Closed = [.. caps.Index().Where(cap => cap.Item.AtMost == 0).SelectMany(cap => Enumerable.Range(
            _offsets[cap.Index], (cap.Index + 1 < caps.Length ? _offsets[cap.Index + 1] : Counters) - _offsets[cap.Index]))];
    }

    /// <summary>The caps, in the author's order.</summary>
    public ImmutableArray<ContactCap> Caps { get; }

    /// <summary>How many counters there are.</summary>
    public int Counters { get; }

    /// <summary>The counters of caps that allow none.</summary>
    public ImmutableArray<int> Closed { get; }

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

/// <summary>A cap that binds a treatment.</summary>
/// <param name="Cap">Which cap.</param>
/// <param name="Counter">The counter it asks.</param>
internal readonly record struct CapUse(int Cap, int Counter);
