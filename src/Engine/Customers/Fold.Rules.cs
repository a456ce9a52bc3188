using System.Numerics;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Rules.Indexing;
using Decisioning.Engine.Scoring;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Customers;

// Points and rules of one event.
internal sealed partial class Fold
{
    // The rows of the index that hold, rules and segments; those that hold of either are names in the state.
    private readonly ulong[] _holding;
    private readonly NamedBits _held;
    private readonly IndexLook _look;
    private DateTimeOffset _now;

    private void AddPoints(CustomerEvent e, DateTimeOffset now)
    {
        if (!_plan.PointsByEvent.TryGetValue(e.Name, out var all))
        {
            return;
        }

        foreach (var (score, points) in all)
        {
            if (points.When is null || points.When.Test(_facts) == Truth.True)
            {
                AddTo(score, points.Cap is { } cap ? Granted(cap, points.Add, now) : points.Add, now);
            }
        }
    }

    private double Granted(PointsCap cap, double add, DateTimeOffset now)
    {
        _state = _state with { PointsGiven = PointsLedger.Take(_state.PointsGiven, cap, add, now, out var granted) };
        return granted;
    }

    private void AddTo(Score score, double add, DateTimeOffset now)
    {
        var scores = _state.Scores;
        var at = 0;
        while (at < scores.Length && string.CompareOrdinal(scores[at].Name, score.Name) < 0)
        {
            at++;
        }

        var known = at < scores.Length && scores[at].Name == score.Name ? scores[at] : null;
        var points = score.Bound((known is null ? 0 : score.PointsAt(known, now)) + add);
        var next = new ScoreState(score.Name, points, now, known?.Grade ?? "");
        _state = _state with { Scores = known is null ? scores.Insert(at, next) : scores.SetItem(at, next) };
        _touched.Add(_plan.Scores[score.Index]);
        _facts.Refresh(_state);
    }

    // INVARIANT (edge): a rule's effects come when it begins to hold, and again only after it did not hold.
    private void RunRules(CustomerEvent e, DateTimeOffset now)
    {
        _now = now;
        foreach (var index in _plan.RulesOn.TryGetValue(e.Name, out var rules) ? rules : [])
        {
            _touched.Ask(index >> 6, 1UL << (index & 63));
        }

        _touched.Settle(_holding);
        for (var word = _touched.NextWord(_plan.RuleWords); word >= 0; word = _touched.NextWord(_plan.RuleWords))
        {
            RunRules(word, e);
        }
    }

    private void RunRules(int word, CustomerEvent e)
    {
        // When time alone passed, what looks at an event neither begins nor ceases to hold.
        var asked = e.Type == EventType.Wake ? ~_plan.EventRows[word] : ulong.MaxValue;
        for (var rest = _touched.Rest(word) & asked; rest != 0; rest = _touched.Rest(word) & asked)
        {
            var index = (word << 6) + BitOperations.TrailingZeroCount(rest);
            _touched.Pass(index);
            Run(index, e.Name);
        }

        _touched.Pass((word << 6) + 63);
    }

    // Most that are asked stand as before: those cost no look at the rule itself. One with `on` never counts as held.
    private void Run(int index, string name)
    {
        var holds = Holds(index);
        if (holds == _held[index])
        {
            return;
        }

        var rule = _strategy.Rules[index];
        if (rule.On.IsEmpty)
        {
            _held.Flip(index);
        }
        else if (!rule.On.Contains(name))
        {
            return;
        }

        if (holds)
        {
            // A rule that names its events has no edge: it acts at each of them.
            Bring(rule);
            _touched.Settle(_holding);
        }
    }

    // The facts look at a transition: what was read of the event itself is another now.
    private void RunRulesOn(string name)
    {
        _touched.LeaveEvent();
        foreach (var index in _plan.RulesOn[name])
        {
            Run(index, name);
        }

        _touched.LeaveEvent();
    }

    private void Bring(Rule rule)
    {
        _changes?.Add(new(ChangeKind.RuleActed, Sequence, rule.Id, _now));
        foreach (var effect in rule.Then)
        {
            Bring(rule, effect);
        }
    }

    private bool Holds(int index)
    {
        if (!IsNaive)
        {
            return _plan.Index.Holds(index, _look);
        }

        foreach (var layer in _strategy.Rules[index].Layers)
        {
            if (layer.When.Test(_facts) != Truth.True)
            {
                return false;
            }
        }

        return true;
    }

    private void Bring(Rule rule, RuleEffect effect)
    {
        switch (effect)
        {
            case RuleEffect.Tag tag:
                GiveTag(rule, tag);
                break;
            case RuleEffect.Score score:
                AddTo(_strategy.Scores[score.ScoreIndex], score.Add, _now);
                break;
            case RuleEffect.Attribute attribute:
                SetAttribute(attribute.Name, attribute.Value);
                _facts.Refresh(_state);
                break;
            case RuleEffect.Stage stage:
                MoveStage(stage);
                break;
            case RuleEffect.Trigger trigger:
                _changes?.Add(new(ChangeKind.Triggered, Sequence, trigger.Name, _now, Detail: rule.Id));
                break;
            case RuleEffect.Offer:
                // Decisions ask whether the rule holds then; nothing is kept.
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"effect {effect.GetType().Name} has no fold");
        }
    }

    private void GiveTag(Rule rule, RuleEffect.Tag tag)
    {
        var next = TagBook.Give(_state.Tags, tag, EvidenceOf(rule, tag), _now, out var isNew, out var left);
        _state = _state with { Tags = next };
        _touched.Add(_plan.Tag(tag.Name));
        if (left is not null)
        {
            _touched.Add(_plan.Tag(left));
        }

        if (isNew)
        {
            _changes?.Add(new(ChangeKind.TagGiven, Sequence, tag.Name, _now, Detail: tag.Level));
        }

        _facts.Refresh(_state);
    }

    private string EvidenceOf(Rule rule, RuleEffect.Tag tag)
    {
        if (tag.Evidence is null || !tag.Evidence.TryValue(_facts, out var text) || text.Kind != ValueKind.String)
        {
            return rule.Id;
        }

        var evidence = $"{rule.Id}: {text.AsString()}";
        return evidence.Length <= Limits.TagEvidenceCharsMax ? evidence : evidence[..Limits.TagEvidenceCharsMax];
    }
}
