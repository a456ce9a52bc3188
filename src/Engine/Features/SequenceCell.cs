using System.Collections.Immutable;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Features;

/// <summary>
/// Steps one after the other, and not what takes them back in between. Only what came at or after the newest event that takes back counts.
/// Of two steps or more the newest <see cref="Limits.SequenceInstantsMax"/> instants of each step are kept, and of the complete passages the one that began last,
/// which is also the one that ended last: it outlives all others. So in the order of their time events are never missed; late ones are
/// joined to what is kept.
/// Of a single step, of those that wait for their time the first and the last in each 64th of it are kept, and of those that are complete the last.
/// 80 bytes, and 24 for each instant kept. A function of the set of events while each step has no more instants than are kept.
/// </summary>
internal sealed record SequenceCell : Cell
{
    /// <summary>The role of an event that takes the sequence back.</summary>
    public const int WithoutRole = -1;

    private const int BeginRole = -2;
    private const int EndRole = -3;
    private static readonly Moment _never = new(long.MinValue, long.MinValue, 0);

    // By time; of one event with several steps the last step first, so that it does not follow itself. Never written to.
    private Moment[] _moments = [];
    private Moment _takenBack = _never;
    private Moment _begin = _never;
    private Moment _end = _never;

    public SequenceCell(ulong key)
        : base(key, CellKind.Sequence)
    {
    }

    /// <summary>Whether it holds at an instant.</summary>
    public bool HoldsAt(long now, SequencePlan plan) => CompletedAt(now, plan) is { } completed && plan.EndsAt(completed) > now;

    public override bool TakesIn(in Occurrence occurrence, CellPlan plan) =>
        MomentOf(in occurrence).CompareTime(_takenBack) >= (occurrence.Role == WithoutRole ? 1 : 0);

    public override bool Add(in Occurrence occurrence, CellPlan plan)
    {
        if (!TakesIn(in occurrence, plan))
        {
            return false;
        }

        var moment = MomentOf(in occurrence);
        if (occurrence.Role == WithoutRole)
        {
            _takenBack = moment;
            _moments = Array.FindAll(_moments, kept => kept.CompareTime(moment) >= 0);
            (_begin, _end) = _begin.CompareTime(moment) >= 0 ? (_begin, _end) : (_never, _never);
        }
        else
        {
            _moments = [.. _moments.Where(kept => kept.CompareStep(moment) < 0), moment, .. _moments.Where(kept => kept.CompareStep(moment) > 0)];
        }

        Settle(occurrence.Now, plan.Sequence!.Value);
        return true;
    }

    public override bool Expire(long now, CellPlan plan)
    {
        Settle(now, plan.Sequence!.Value);
        return _moments.Length > 0 || _takenBack != _never;
    }

    public override long NextChangeAt(Feature feature, long now) => NextChangeAt(now, new SequencePlan(feature.Sequence!));

    /// <summary>The steps, by time: the step in <c>Bucket</c>; before them, with a bucket below 0, what took it back last, and begin and end of the passage.</summary>
    public override ImmutableArray<FeatureCellEntry> ToEntries() =>
        [.. new[] { _takenBack with { Step = WithoutRole }, _begin with { Step = BeginRole }, _end with { Step = EndRole } }
            .Where(moment => moment.At != _never.At).Concat(_moments).Select(moment => new FeatureCellEntry(moment.Step, moment.At, moment.Sequence, Value.Null))];

    public static SequenceCell Read(FeatureCell stored)
    {
        var moments = stored.Entries.Select(entry => new Moment(entry.First, entry.Second, (int)entry.Bucket)).ToArray();
        return new(stored.Key)
        {
            _moments = Array.FindAll(moments, moment => moment.Step >= 0),
            _takenBack = Find(WithoutRole),
            _begin = Find(BeginRole),
            _end = Find(EndRole),
            LeavesAt = stored.LeavesAt,
        };

        Moment Find(int role) => Array.FindIndex(moments, moment => moment.Step == role) is >= 0 and var at ? moments[at] with { Step = 0 } : _never;
    }

    private static Moment MomentOf(in Occurrence occurrence) => new(occurrence.At, occurrence.Sequence, Math.Max(occurrence.Role, 0));

    private void Settle(long now, SequencePlan plan)
    {
        if (plan.Steps == 1)
        {
            KeepWaiting(now, plan);
        }
        else
        {
            KeepNewest(plan.Steps);
            FindPassage(plan);
        }

        LeavesAt = NextChangeAt(now, plan);
    }

    private long NextChangeAt(long now, SequencePlan plan)
    {
        var ends = CompletedAt(now, plan) is { } completed ? plan.EndsAt(completed) : long.MaxValue;
        var next = ends > now ? ends : long.MaxValue;
        if (plan.Steps == 1)
        {
            foreach (var moment in _moments)
            {
                var completes = moment.At + plan.Within.Length;
                next = completes > now && completes < next ? completes : next;
            }
        }

        return next;
    }

    // When it was completed last, at an instant or before.
    private long? CompletedAt(long now, SequencePlan plan)
    {
        if (plan.Steps > 1)
        {
            return _end == _never ? null : _end.At;
        }

        for (var i = _moments.Length - 1; i >= 0; i--)
        {
            if (_moments[i].At + plan.Within.Length <= now)
            {
                return _moments[i].At + plan.Within.Length;
            }
        }

        return null;
    }

    private void KeepWaiting(long now, SequencePlan plan)
    {
        var kept = new List<Moment>(_moments.Length);
        for (var i = 0; i < _moments.Length; i++)
        {
            var isComplete = IsComplete(i);
            if (isComplete
                ? i == _moments.Length - 1 || !IsComplete(i + 1)
                : i == 0 || i == _moments.Length - 1 || IsComplete(i - 1) || Bucket(i - 1) != Bucket(i) || Bucket(i + 1) != Bucket(i))
            {
                kept.Add(_moments[i]);
            }
        }

        _moments = kept.Count == _moments.Length ? _moments : [.. kept];

        bool IsComplete(int at) => _moments[at].At + plan.Within.Length <= now;

        long Bucket(int at) => plan.Within.Start(_moments[at].At);
    }

    private void KeepNewest(int steps)
    {
        if (_moments.Length <= Limits.SequenceInstantsMax)
        {
            return;
        }

        Span<int> counts = stackalloc int[steps];
        var kept = new List<Moment>(_moments.Length);
        for (var i = _moments.Length - 1; i >= 0; i--)
        {
            if (_moments[i].Step < steps && ++counts[_moments[i].Step] <= Limits.SequenceInstantsMax)
            {
                kept.Add(_moments[i]);
            }
        }

        kept.Reverse();
        _moments = kept.Count == _moments.Length ? _moments : [.. kept];
    }

    // Per step, when the passage that came so far and began last began.
    private void FindPassage(SequencePlan plan)
    {
        Span<Moment> begins = stackalloc Moment[plan.Steps];
        begins.Fill(_never);
        foreach (var moment in _moments)
        {
            if (moment.Step == 0)
            {
                begins[0] = moment;
            }
            else if (moment.Step < plan.Steps && begins[moment.Step - 1] != _never)
            {
                begins[moment.Step] = begins[moment.Step - 1];
                if (moment.Step == plan.Steps - 1 && moment.At - begins[moment.Step].At <= plan.Within.Length
                    && (begins[moment.Step].CompareTime(_begin), moment.CompareTime(_end)).CompareTo((0, 0)) > 0)
                {
                    (_begin, _end) = (begins[moment.Step] with { Step = 0 }, moment with { Step = 0 });
                }
            }
        }
    }

    /// <summary>When an event was a step.</summary>
    private readonly record struct Moment(long At, long Sequence, int Step)
    {
        public int CompareStep(Moment other) => CompareTime(other) is not 0 and var order ? order : other.Step.CompareTo(Step);

        public int CompareTime(Moment other) => (At, Sequence).CompareTo((other.At, other.Sequence));
    }
}
