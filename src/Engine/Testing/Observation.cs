using System.Collections.Immutable;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Testing;

/// <summary>What can be seen of a customer, and of the answer to a question, at an instant.</summary>
/// <param name="View">The customer.</param>
/// <param name="Decision">The answer; null when nothing was asked.</param>
/// <param name="Triggers">The signals that rules gave since the look before.</param>
/// <param name="Rules">Which rules hold, by id; made when first asked for, since most looks do not.</param>
internal sealed record Observation(CustomerView View, Decision? Decision, ImmutableArray<string> Triggers, Lazy<ImmutableArray<RuleReport>> Rules)
{
    /// <summary>What is there.</summary>
    public Value Of(Subject subject, string name) => (subject, name) switch
    {
        (Subject.Stages, "") => List(View.Stages.Select(stage => stage.Name)),
        (Subject.Stages, _) => Value.Of(View.Stages.Any(stage => stage.Name == name)),
        (Subject.Segments, "") => List(View.Segments),
        (Subject.Segments, _) => Value.Of(View.Segments.Contains(name)),
        (Subject.Tags, "") => List(View.Tags.Select(tag => tag.Name)),
        (Subject.Tags, _) => Value.Of(View.Tags.FirstOrDefault(tag => tag.Name == name)?.Level),
        (Subject.Scores, _) => Value.Of(View.Scores.First(score => score.Name == name).Points),
        (Subject.Grades, _) => View.Scores.First(score => score.Name == name).Grade is { Length: > 0 } grade ? Value.Of(grade) : Value.Null,
        (Subject.Features, _) => View.Features[name],
        (Subject.Profile, _) => View.Profile[name],
        (Subject.Rules, _) => Value.Of(Rules.Value.Any(rule => rule.Rule == name && rule.Holds)),
        (Subject.Triggers, _) => List(Triggers),
        (Subject.Touch, _) => Decision!.Touch is { Length: > 0 } touch ? Value.Of(touch) : Value.Null,
        (Subject.SendAt, _) => Decision!.Items.FirstOrDefault(item => item.Action == name)?.SendAt is { } send ? Value.Of(send) : Value.Null,
        (Subject.Offers, "") => List(Decision!.Items.Select(item => item.Action)),
        (Subject.Offers, _) => List(Decision!.Items.Where(item => item.Placement == name).Select(item => item.Action)),
        (Subject.First, _) => Value.Of(Decision!.Items.FirstOrDefault()?.Action),
        (Subject.Texts, _) => TextOf(name),
        (Subject.Not, _) => Dropped(name),
        _ => Decision!.Verdicts.FirstOrDefault(verdict => verdict.Action == name)?.AllowedAgainAt is { } at ? Value.Of(at) : Value.Null,
    };

    /// <summary>What the answer says of an action, a sentence each; nothing when nothing was asked.</summary>
    public IEnumerable<string> About(string action)
    {
        if (Decision is null)
        {
            yield break;
        }

        if (Decision.Items.FirstOrDefault(item => item.Action == action) is { } offered)
        {
            yield return $"{action}: offered on {offered.Channel}/{offered.Placement} with priority {Words.Of(offered.Priority)}";
        }
        else if (Decision.Verdicts.FirstOrDefault(verdict => verdict.Action == action) is not { } verdict)
        {
            yield return $"{action}: no candidate, it has no treatment for what was asked";
        }
        else
        {
            yield return $"{action}: {TestNames.Word(verdict.Stage)}, {verdict.Reason} ({verdict.Rule})";
            if (verdict.WouldWin is { } change)
            {
                yield return $"{action}: {change.Text}";
            }
        }
    }

    private Value TextOf(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return Decision!.Items.FirstOrDefault(item => item.Action == name[..dot])?.Content[name[(dot + 1)..]] ?? Value.Null;
    }

    private Value Dropped(string action)
    {
        if (Decision!.Items.FirstOrDefault(item => item.Action == action) is { } offered)
        {
            return Value.Of($"offered on {offered.Channel}/{offered.Placement}");
        }

        return Decision.Verdicts.FirstOrDefault(verdict => verdict.Action == action) is { } verdict
            ? List([TestNames.Word(verdict.Stage), verdict.Rule])
            : Value.Null;
    }

    private static Value List(IEnumerable<string> names) => Value.Of([.. names.Select(name => Value.Of(name))]);
}
