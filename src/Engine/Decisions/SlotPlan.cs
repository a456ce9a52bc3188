using System.Collections.Immutable;
using System.Numerics;

namespace Decisioning.Engine.Decisions;

/// <summary>Who competes for a channel and placement, prepared so that those of whom nothing more is to be asked are told all at once.</summary>
internal sealed class SlotPlan
{
    private readonly ImmutableArray<Candidate> _candidates;
    private readonly ulong[] _members;
    private readonly int[] _before;
    private readonly ImmutableArray<(int Consent, ActionSet Actions)> _plain;

    /// <param name="candidates">Who competes.</param>
    /// <param name="words">How many words a bitset of all actions has.</param>
    public SlotPlan(IEnumerable<Candidate> candidates, int words)
    {
        _candidates = [.. candidates.OrderBy(candidate => candidate.Action.Position)];
        _members = new ulong[words];
        ActionSet.Of(_candidates.Select(candidate => candidate.Action.Position)).AddTo(_members);
        _before = new int[words];
        for (var word = 1; word < words; word++)
        {
            _before[word] = _before[word - 1] + BitOperations.PopCount(_members[word - 1]);
        }

        _plain = [.. _candidates
            .Where(candidate => candidate.IsPlain)
            .GroupBy(candidate => candidate.Treatments[0].Consent)
            .Select(alike => (alike.Key, ActionSet.Of(alike.Select(candidate => candidate.Action.Position))))];
    }

    /// <summary>The actions that compete, by position.</summary>
    public ReadOnlySpan<ulong> Members => _members;

    /// <summary>Those that compete, in the order in which ties go.</summary>
    public ImmutableArray<Candidate> Candidates => _candidates;

    /// <summary>The place among <see cref="Candidates"/> of the action at a position.</summary>
    public int IndexOf(int position) =>
        _before[position >> 6] + BitOperations.PopCount(_members[position >> 6] & ((1UL << (position & 63)) - 1));

    /// <summary>Finds those whose first treatment is allowed by consent and needs nothing else but room under the caps.</summary>
    public void FindPlain(DecisionWork work, Span<ulong> plain)
    {
        plain.Clear();
        foreach (var (consent, actions) in _plain)
        {
            if (work.Consented(consent))
            {
                actions.AddTo(plain);
            }
        }
    }
}

/// <summary>An action with those of its treatments that fit a slot, by name in ordinal order; at least one.</summary>
internal readonly record struct Candidate(PlannedAction Action, ImmutableArray<PlannedTreatment> Treatments)
{
    /// <summary>Whether consent and caps alone decide about its first treatment, so that no other needs to be looked at where they let it through.</summary>
    public bool IsPlain =>
        Action.Definition.Exclusive is null && Action.Definition.Dedupe is null && Treatments[0].Stages == uint.MaxValue && Treatments[0].Reach.IsPlain;
}
