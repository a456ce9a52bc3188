using System.Collections.Immutable;
using System.Numerics;

namespace Decisioning.Engine.Rules;

/// <summary>
/// Which rules and stages are still to be evaluated at this event, and what is left over for the next one: things that
/// changed after those who read them had their turn.
/// </summary>
internal sealed class Touched(StrategyPlan plan)
{
    private readonly ulong[] _rules = new ulong[(plan.Strategy.Rules.Length + 63) / 64];
    private readonly List<Readers> _carried = [];
    private readonly List<Readers> _fromBefore = [];
    private uint _stages;
    private int _nextRule;
    private int _nextStage;

    /// <summary>Words of a bitset of rules.</summary>
    public int Words => _rules.Length;

    /// <summary>Whether all rules and stages are to be evaluated at the next event that runs rules.</summary>
    public bool IsAllNext { get; private set; }

    /// <summary>Starts from what a state carries.</summary>
    public void Start(ImmutableArray<string> carried)
    {
        IsAllNext = false;
        _carried.Clear();
        foreach (var name in carried)
        {
            if (plan.Find(name) is { } readers)
            {
                _carried.Add(readers);
            }
        }
    }

    public void AllNext() => IsAllNext = true;

    /// <summary>Begins an event. At a late one nobody has a turn: all that is touched is carried.</summary>
    public void BeginEvent(bool isLate, bool isNaive)
    {
        (_nextRule, _nextStage) = isLate ? (plan.Strategy.Rules.Length, plan.Strategy.Stages.Length) : (0, 0);
        if (isLate)
        {
            return;
        }

        var all = isNaive || IsAllNext;
        IsAllNext = false;
        for (var i = 0; i < _rules.Length; i++)
        {
            _rules[i] = all ? ulong.MaxValue : plan.Always.Rules[i];
        }

        _stages = all ? uint.MaxValue : plan.Always.Stages;
        _fromBefore.AddRange(_carried);
        _carried.Clear();
        foreach (var readers in _fromBefore)
        {
            Add(readers);
        }

        _fromBefore.Clear();
    }

    /// <summary>Something changed: those who read it and did not have their turn yet get it, for the others it is carried.</summary>
    public void Add(Readers? readers)
    {
        if (readers is null or { IsUnread: true })
        {
            return;
        }

        var isMissed = false;
        for (var i = 0; i < _rules.Length; i++)
        {
            var toCome = From(i);
            _rules[i] |= readers.Rules[i] & toCome;
            isMissed |= (readers.Rules[i] & ~toCome) != 0;
        }

        var stagesToCome = _nextStage >= 32 ? 0U : uint.MaxValue << _nextStage;
        _stages |= readers.Stages & stagesToCome;
        if (isMissed || (readers.Stages & ~stagesToCome) != 0)
        {
            Carry(readers);
        }
    }

    /// <summary>Leaves something to the next event.</summary>
    public void Carry(Readers readers)
    {
        if (!_carried.Contains(readers))
        {
            _carried.Add(readers);
        }
    }

    /// <summary>The next rule whose turn it is; -1 when all had theirs.</summary>
    public int TakeRule()
    {
        for (var i = _nextRule >> 6; i < _rules.Length; i++)
        {
            var rest = _rules[i] & From(i);
            if (rest != 0)
            {
                var rule = (i << 6) + BitOperations.TrailingZeroCount(rest);
                if (rule >= plan.Strategy.Rules.Length)
                {
                    break;
                }

                _nextRule = rule + 1;
                return rule;
            }
        }

        _nextRule = plan.Strategy.Rules.Length;
        return -1;
    }

    /// <summary>Whether it is this stage's turn; earlier ones had theirs then.</summary>
    public bool TakeStage(int index)
    {
        _nextStage = index + 1;
        return (_stages >> index & 1) != 0;
    }

    /// <summary>What is carried to the next event, by name in ordinal order.</summary>
    /// <param name="before">What was carried before; given back when nothing is different.</param>
    public ImmutableArray<string> Carried(ImmutableArray<string> before)
    {
        if (_carried.Count == 0)
        {
            return before.IsEmpty ? before : [];
        }

        return [.. _carried.Select(readers => readers.Name).Order(StringComparer.Ordinal)];
    }

    // The bits of a word whose rules did not have their turn.
    private ulong From(int word)
    {
        var first = _nextRule - (word << 6);
        return first <= 0 ? ulong.MaxValue : first >= 64 ? 0 : ulong.MaxValue << first;
    }
}
