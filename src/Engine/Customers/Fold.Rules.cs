using System.Collections.Immutable;
using System.Numerics;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Scoring;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Customers;

// Points and rules of one event.
internal sealed partial class Fold
{
    private readonly ulong[] _held;
    private DateTimeOffset _now;
    private bool _heldChanged;

    private void ReadRulesHeld(ImmutableArray<string> ids)
    {
        Array.Clear(_held);

        // Ids that this strategy wrote are its own strings in the order of its rules.
        var known = 0;
        for (var index = 0; known < ids.Length && index < _strategy.Rules.Length; index++)
        {
            if (ReferenceEquals(_strategy.Rules[index].Id, ids[known]))
            {
                _held[index >> 6] |= 1UL << (index & 63);
                known++;
            }
        }

        // Those of a snapshot, or of another strategy, are looked up once; from then on they are this strategy's.
        _heldChanged = known < ids.Length;
        for (; known < ids.Length; known++)
        {
            if (_plan.RuleById.TryGetValue(ids[known], out var index))
            {
                _held[index >> 6] |= 1UL << (index & 63);
            }
        }
    }

    private ImmutableArray<string> WriteRulesHeld(ImmutableArray<string> before)
    {
        if (!_heldChanged)
        {
            return before;
        }

        var ids = ImmutableArray.CreateBuilder<string>();
        for (var word = 0; word < _held.Length; word++)
        {
            for (var rest = _held[word]; rest != 0; rest &= rest - 1)
            {
                ids.Add(_strategy.Rules[(word << 6) + BitOperations.TrailingZeroCount(rest)].Id);
            }
        }

        return ids.DrainToImmutable();
    }

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
                AddTo(score, points.Add, now);
            }
        }
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
        _touched.Add(_plan.On(e.Name));
        for (var index = _touched.TakeRule(); index >= 0; index = _touched.TakeRule())
        {
            var rule = _strategy.Rules[index];
            if (!rule.On.IsEmpty)
            {
                RunOn(rule, e.Name);
                continue;
            }

            if (e.Type == EventType.Wake && _plan.ReadsEvent[index])
            {
                // What it looks at did not happen: it neither begins nor ceases to hold.
                continue;
            }

            var (word, bit) = (index >> 6, 1UL << (index & 63));
            var holds = Holds(rule);
            if (holds == ((_held[word] & bit) != 0))
            {
                continue;
            }

            _held[word] ^= bit;
            _heldChanged = true;
            if (holds)
            {
                Bring(rule);
            }
        }
    }

    // A rule that names its events has no edge: it acts at each of them.
    private void RunOn(Rule rule, string name)
    {
        if (rule.On.Contains(name) && Holds(rule))
        {
            Bring(rule);
        }
    }

    private void RunRulesOn(string name)
    {
        foreach (var index in _plan.RulesOn[name])
        {
            RunOn(_strategy.Rules[index], name);
        }
    }

    private void Bring(Rule rule)
    {
        foreach (var effect in rule.Then)
        {
            Bring(rule, effect);
        }
    }

    private bool Holds(Rule rule)
    {
        foreach (var layer in rule.Layers)
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
