using System.Numerics;
using Decisioning.Engine.Journeys;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Scoring;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Customers;

// Grades, stages and segments of one event, and the rules that are told of what changed about them.
internal sealed partial class Fold
{
    private readonly Func<int, bool> _stageAsked;
    private readonly Action<int, StageMove> _stageMoved;
    private readonly NamedBits _segments;
    private readonly List<Transition> _transitions = [];
    private uint _movedByRules;

    // A grade is kept for its hysteresis only: conditions read it from points and the grade before, with the same result.
    private void SetGrades(DateTimeOffset now)
    {
        foreach (var score in _strategy.Scores)
        {
            for (var i = 0; i < _state.Scores.Length; i++)
            {
                var state = _state.Scores[i];
                if (state.Name != score.Name)
                {
                    continue;
                }

                var grade = score.GradeOf(score.RankAt(state, now));
                if (grade != state.Grade)
                {
                    _state = _state with { Scores = _state.Scores.SetItem(i, state with { Grade = grade }) };
                    Note(
                        ChangeKind.GradeChanged,
                        new(EventNames.GradeChanged, score.Name, grade.Length == 0 ? Score.NoGrade : grade, state.Grade.Length == 0 ? Score.NoGrade : state.Grade, now));
                }
            }
        }
    }

    private void StepStages()
    {
        _facts.Refresh(_state);
        _state = StageStep.Run(_facts, _movedByRules, _stageAsked, _stageMoved);
    }

    private void StageMoved(int index, StageMove move)
    {
        var readers = _plan.Stages[index];
        _touched.Add(readers);
        _touched.Carry(readers);
        var (isIn, at) = (move.State.IsIn, move.State.ExitedAt ?? move.State.EnteredAt);
        Note(
            isIn ? ChangeKind.StageEntered : ChangeKind.StageExited,
            new(isIn ? EventNames.StageEntered : EventNames.StageExited, move.State.Name, move.Reason.Text(), "", at));
    }

    // A rule's word counts whatever the stage's own conditions and bounds say; who is there, or not there, already stays so.
    private void MoveStage(RuleEffect.Stage effect)
    {
        var stage = _strategy.Stages[effect.StageIndex];
        var current = StageMachine.Find(_state.Stages, stage.Name);
        if (current is { IsIn: true } == effect.Enters)
        {
            return;
        }

        var next = effect.Enters ? StageMachine.Entered(stage.Name, current, _now) : current! with { ExitedAt = _now };
        _state = _state with { Stages = StageMachine.With(_state.Stages, next) };
        _movedByRules |= 1U << stage.Index;
        _facts.Refresh(_state);
        StageMoved(stage.Index, new(next, StageReason.Rule));
    }

    private void StepSegments()
    {
        _facts.Refresh(_state);
        _touched.Settle(_holding);
        for (var word = _touched.NextWord(_plan.Index.Words); word >= 0; word = _touched.NextWord(_plan.Index.Words))
        {
            for (var rest = _touched.Rest(word); rest != 0; rest &= rest - 1)
            {
                var row = (word << 6) + BitOperations.TrailingZeroCount(rest);
                StepSegment(_strategy.Segments[row - (_plan.RuleWords << 6)], row);
            }

            _touched.Pass((word << 6) + 63);
        }
    }

    private void StepSegment(Segment segment, int row)
    {
        var isIn = IsNaive ? _facts.InSegment(segment.Index) : _plan.Index.Holds(row, _look);
        if (isIn != _segments[segment.Index])
        {
            _segments.Flip(segment.Index);
            Note(
                isIn ? ChangeKind.SegmentEntered : ChangeKind.SegmentLeft,
                new(isIn ? EventNames.SegmentEntered : EventNames.SegmentLeft, segment.Name, "", "", _now));
        }
    }

    private void Note(ChangeKind kind, Transition transition)
    {
        _changes?.Add(new(kind, Sequence, transition.Subject, transition.At, Detail: transition.Detail));
        if (_plan.HasRulesOn(transition.Name))
        {
            _transitions.Add(transition);
        }
    }

    // Once, after everything had its step. What these rules touch is looked at with the next event; but for stages they move
    // themselves, which the rules after them are told of too, so far as the limit goes.
    private void TellOfTransitions(CustomerEvent cause)
    {
        var end = _transitions.Count + Limits.ChainedTransitionsMax;
        for (var i = 0; i < _transitions.Count && i < end; i++)
        {
            _facts.LookWhileFolding(_state, _features, _now, _transitions[i].AsEvent(cause), _facts.Context);
            RunRulesOn(_transitions[i].Name);
        }

        _transitions.Clear();
    }
}
