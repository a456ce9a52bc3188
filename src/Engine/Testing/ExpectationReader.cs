using System.Collections.Immutable;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Testing;

/// <summary>Reads what must be so at a look.</summary>
internal sealed class ExpectationReader(TestNames names, TestTime time, Mistakes mistakes, bool isAsked)
{
    private static readonly ImmutableArray<Subject> OfDecisions = [Subject.Touch, Subject.Offers, Subject.First, Subject.Texts, Subject.Not, Subject.AllowedAgainAt, Subject.SendAt];

    private static readonly ImmutableArray<(string Key, Subject Subject)> Keys = [.. Enum.GetValues<Subject>().Select(subject => (Expectation.Word(subject), subject))];

    private readonly ImmutableArray<Expectation>.Builder _expected = ImmutableArray.CreateBuilder<Expectation>();

    /// <summary>Everything expected, in the order written.</summary>
    public ImmutableArray<Expectation> Read(WrittenNode node, string path)
    {
        if (Fields.Of(node, path, TestLanguage.Expect, mistakes) is not { } fields)
        {
            return [];
        }

        foreach (var (key, subject) in Keys)
        {
            if (fields[key] is not { } written)
            {
                continue;
            }

            if (OfDecisions.Contains(subject) && !isAsked)
            {
                mistakes.Add(FindingRules.MissingKey, fields.PlaceOf(key), fields.PathOf(key), $"`{key}` is about an answer, and nothing is asked; write an `ask` beside `expect`, such as `ask: {{ channel: web }}`");
                continue;
            }

            if (subject != Subject.Touch || fields.Word(key) is not null)
            {
                Read(subject, written, fields.PathOf(key));
            }
        }

        return _expected.ToImmutable();
    }

    private void Read(Subject subject, WrittenNode node, string path)
    {
        switch (subject)
        {
            case Subject.Stages:
                Members(subject, node, path, names.Stages, "stage", Flag);
                break;
            case Subject.Segments:
                Members(subject, node, path, names.Segments, "segment", Flag);
                break;
            case Subject.Tags:
                Members(subject, node, path, names.Tags, "tag", Level);
                break;
            case Subject.Rules:
                Entries(subject, node, path, names.Rules, "rule", Flag);
                break;
            case Subject.Scores:
                Entries(subject, node, path, names.Scores, "score", Value);
                break;
            case Subject.Grades:
                Entries(subject, node, path, names.Scores, "score", Value);
                break;
            case Subject.Features:
                Entries(subject, node, path, names.Features, "feature", Value);
                break;
            case Subject.Profile:
                Entries(subject, node, path, known: null, "attribute", Value);
                break;
            case Subject.Triggers:
                Add(node, subject, "", Ordered(node, path, names.Triggers, "signal", "signals given"));
                break;
            case Subject.Touch:
                Add(node, subject, "", Value(node, path));
                break;
            case Subject.First:
                One(subject, node, path);
                break;
            case Subject.Offers when node is WrittenNode.Mapping:
                Entries(subject, node, path, names.Placements, "placement", (list, at) => Ordered(list, at, names.Actions, "action", "actions offered, best first,"));
                break;
            case Subject.Offers:
                Add(node, subject, "", Ordered(node, path, names.Actions, "action", "actions offered, best first,"));
                break;
            case Subject.Texts:
                Texts(node, path);
                break;
            case Subject.Not when node is WrittenNode.Sequence:
                foreach (var (action, place) in AskReader.Texts(node, path, mistakes))
                {
                    if (TestNames.Check(action, names.Actions, "action", place, path, mistakes))
                    {
                        _expected.Add(new Expectation(place, subject, action, new Match.Dropped("")));
                    }
                }

                break;
            case Subject.Not:
                Entries(subject, node, path, names.Actions, "action", Dropped);
                break;
            default:
                Entries(subject, node, path, names.Actions, "action", Value);
                break;
        }
    }

    /// <summary>A list of names is all there are; a mapping says of some names whether, or how, they are there.</summary>
    private void Members(Subject subject, WrittenNode node, string path, ImmutableHashSet<string> known, string what, Func<WrittenNode, string, Match?> match)
    {
        if (node is not WrittenNode.Mapping)
        {
            var expected = Shape.Items(node, path, $"{what}s", Limits.TestStepsMax, mistakes);
            var texts = expected.Select(item => (Text: Literals.Text(item, path, mistakes), item.Place)).ToList();
            if (node is WrittenNode.Sequence && texts.TrueForAll(item => item.Text is not null && TestNames.Check(item.Text, known, what, item.Place, path, mistakes)))
            {
                Add(node, subject, "", new Match.Names([.. texts.Select(item => item.Text!)], IsOrdered: false));
            }

            return;
        }

        Entries(subject, node, path, known, what, match);
    }

    private void Entries(Subject subject, WrittenNode node, string path, ImmutableHashSet<string>? known, string what, Func<WrittenNode, string, Match?> match)
    {
        if (Shape.Mapping(node, path, $"what is expected of each {what}", mistakes) is not { } mapping)
        {
            return;
        }

        if (mapping.Entries.IsEmpty)
        {
            mistakes.Add(FindingRules.EmptyValue, node.Place, path, $"nothing is expected here; name a {what}, or write `[]` for none at all");
        }

        foreach (var entry in mapping.Entries)
        {
            var at = $"{path}.{entry.Name}";
            if ((known is null || TestNames.Check(entry.Name, known, what, entry.Key.Place, at, mistakes)) && match(entry.Value, at) is { } expected)
            {
                _expected.Add(new Expectation(entry.Key.Place, subject, entry.Name, expected));
            }
        }
    }

    private void One(Subject subject, WrittenNode node, string path)
    {
        if (Literals.Text(node, path, mistakes) is { } action && TestNames.Check(action, names.Actions, "action", node.Place, path, mistakes))
        {
            Add(node, subject, "", new Match.Same(action, IsQuoted: true, null, null));
        }
    }

    private void Texts(WrittenNode node, string path)
    {
        if (Shape.Mapping(node, path, "texts by action", mistakes) is not { } mapping)
        {
            return;
        }

        foreach (var entry in mapping.Entries.Where(entry => TestNames.Check(entry.Name, names.Actions, "action", entry.Key.Place, path, mistakes)))
        {
            var parts = entry.Value is WrittenNode.Mapping several
                ? several.Entries.Select(part => (part.Name, part.Value))
                : [("text", entry.Value)];
            foreach (var (part, value) in parts)
            {
                if (Literals.Text(value, $"{path}.{entry.Name}", mistakes) is { } text)
                {
                    _expected.Add(new Expectation(value.Place, Subject.Texts, $"{entry.Name}.{part}", new Match.Same(text, IsQuoted: true, null, null)));
                }
            }
        }
    }

    private Match.Names? Ordered(WrittenNode node, string path, ImmutableHashSet<string> known, string what, string list)
    {
        if (node is not WrittenNode.Sequence)
        {
            mistakes.Add(FindingRules.Shape, node.Place, path, $"expected the {list} as a list such as `[a, b]`; `[]` for none");
            return null;
        }

        var actions = AskReader.Texts(node, path, mistakes).ToList();
        return actions.TrueForAll(action => TestNames.Check(action.Text, known, what, action.Place, path, mistakes))
            ? new Match.Names([.. actions.Select(action => action.Text)], IsOrdered: true)
            : null;
    }

    private Match? Flag(WrittenNode node, string path) => Literals.Flag(node, path, mistakes) is { } flag ? new Match.Present(flag) : null;

    private Match? Level(WrittenNode node, string path) => Literals.Text(node, path, mistakes) switch
    {
        null => null,
        "true" => new Match.Present(true),
        "false" => new Match.Present(false),
        var level => new Match.Same(level, IsQuoted: true, null, null),
    };

    private Match? Dropped(WrittenNode node, string path)
    {
        if (Literals.Text(node, path, mistakes) is not { } text)
        {
            return null;
        }

        if (TestNames.FunnelStages.Contains(text) || text.Contains('.', StringComparison.Ordinal))
        {
            return new Match.Dropped(text);
        }

        mistakes.Add(FindingRules.UnknownName, node.Place, path, $"`{Shape.Short(text)}` is no stage of the funnel{Cures.For(text, TestNames.FunnelStages, "")}; write one of {Cures.List(TestNames.FunnelStages)}, or the path of what drops it, such as `contact.caps[1]`");
        return null;
    }

    private Match? Value(WrittenNode node, string path)
    {
        if (Literals.Text(node, path, mistakes) is not { } text)
        {
            return null;
        }

        var isQuoted = node is WrittenNode.Scalar { IsPlain: false };
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        if (isQuoted || dots < 0)
        {
            return new Match.Same(text, isQuoted, time.Instant(text), Literals.TryDuration(text, out var span) ? span : null);
        }

        var (least, most) = (double.NegativeInfinity, double.PositiveInfinity);
        if ((dots > 0 && !Literals.TryNumber(text[..dots], out least))
            || (dots + 2 < text.Length && !Literals.TryNumber(text[(dots + 2)..], out most))
            || least > most
            || text.Length == 2)
        {
            mistakes.Add(node.Place, path, $"`{Shape.Short(text)}` is no range; write one such as `40..60`, `40..` for at least, or `..60` for at most");
            return null;
        }

        return new Match.Range(text, least, most);
    }

    private void Add(WrittenNode node, Subject subject, string name, Match? match)
    {
        if (match is not null)
        {
            _expected.Add(new Expectation(node.Place, subject, name, match));
        }
    }
}
