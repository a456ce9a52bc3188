using System.Collections.Immutable;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Sections;
using Decisioning.Engine.Strategies.Written;
using NodaTime;

namespace Decisioning.Engine.Testing;

/// <summary>Reads one file of tests into cases.</summary>
internal static class TestReader
{
    public static void Read(WrittenNode root, TestNames names, ImmutableArray<TestCase>.Builder cases, Mistakes mistakes)
    {
        if (Fields.Of(root, "tests", TestLanguage.File, mistakes) is not { } file)
        {
            return;
        }

        var zone = HeaderSection.ZoneOf(file["timezone"], names.Strategy.TimeZone, mistakes);
        if (file.Require("tests") is not { } tests)
        {
            return;
        }

        var seen = new Dictionary<string, Place>(StringComparer.Ordinal);
        foreach (var node in Shape.Items(tests, "tests", "the tests", Limits.TestCasesMax, mistakes))
        {
            if (Fields.Of(node, "tests", TestLanguage.Test, mistakes) is { } test && Name(test, "test", seen, mistakes) is { } name)
            {
                ReadTest(test, name, file["given"], zone, names, cases, mistakes);
            }
        }
    }

    private static void ReadTest(
        Fields test, string name, WrittenNode? shared, DateTimeZone zone, TestNames names, ImmutableArray<TestCase>.Builder cases, Mistakes mistakes)
    {
        if (test["cases"] is not { } table)
        {
            Add(new Story(name, test.Place, [shared, test["given"]], test, test), zone, names, cases, mistakes);
            return;
        }

        if (test.Has("then"))
        {
            mistakes.Add(test.PlaceOf("then"), test.PathOf("then"), "a test with `cases` has a `then` in each case, not beside them");
        }

        var seen = new Dictionary<string, Place>(StringComparer.Ordinal);
        foreach (var node in Shape.Items(table, $"tests.{name}.cases", "the cases", Limits.TestCasesMax, mistakes))
        {
            if (Fields.Of(node, $"tests.{name}", TestLanguage.Case, mistakes) is { } one && Name(one, "case", seen, mistakes) is { } caseName)
            {
                Add(new Story($"{name} / {caseName}", one.Place, [shared, test["given"], one["given"]], one, test), zone, names, cases, mistakes);
            }
        }
    }

    /// <summary>A case as written.</summary>
    /// <param name="Name">Its full name.</param>
    /// <param name="Place">Where it begins.</param>
    /// <param name="Given">What is given to it: of the file, the test, the case.</param>
    /// <param name="Own">Its own keys.</param>
    /// <param name="Shared">The keys of its test, for what it does not say itself.</param>
    private sealed record Story(string Name, Place Place, ImmutableArray<WrittenNode?> Given, Fields Own, Fields Shared);

    private static void Add(Story story, DateTimeZone zone, TestNames names, ImmutableArray<TestCase>.Builder cases, Mistakes mistakes)
    {
        var steps = new StepReader(names, new TestTime(zone), mistakes);
        var path = $"tests.{story.Name}";
        foreach (var given in story.Given)
        {
            ReadSteps(steps, given, $"{path}.given", mistakes);
        }

        var (ask, expect, then) = (story.Own["ask"] ?? story.Shared["ask"], story.Own["expect"] ?? story.Shared["expect"], story.Own["then"]);
        if (ask is not null || expect is not null)
        {
            steps.Look(story.Place, path, story.Own["at"] ?? story.Shared["at"], ask, expect);
        }
        else if ((story.Own["at"] ?? story.Shared["at"]) is { } at)
        {
            mistakes.Add(at.Place, $"{path}.at", "nothing happens at this time; write an `expect` beside it");
        }

        ReadSteps(steps, then, $"{path}.then", mistakes);
        if (!steps.HasExpectations)
        {
            mistakes.Add(FindingRules.MissingKey, story.Place, path, "the test expects nothing; write an `expect`");
        }

        if (cases.Count == Limits.TestCasesMax)
        {
            mistakes.Add(FindingRules.Limit, story.Place, path, $"the strategy has more than {Limits.TestCasesMax} test cases; leave some out");
            return;
        }

        cases.Add(new TestCase(story.Name, story.Place, zone, steps.Steps));
    }

    private static void ReadSteps(StepReader steps, WrittenNode? list, string path, Mistakes mistakes)
    {
        var items = Shape.Items(list, path, "what happens", Limits.TestStepsMax, mistakes);
        for (var i = 0; i < items.Length; i++)
        {
            steps.Read(items[i], $"{path}[{i + 1}]");
        }
    }

    private static string? Name(Fields fields, string key, Dictionary<string, Place> seen, Mistakes mistakes)
    {
        if (fields.Require(key) is not { } node || Literals.Text(node, fields.PathOf(key), mistakes) is not { } name)
        {
            return null;
        }

        if (!seen.TryAdd(name, node.Place))
        {
            mistakes.Add(FindingRules.DuplicateId, node.Place, fields.PathOf(key), $"there is a `{key}: {Shape.Short(name)}` already, at line {seen[name].Line}; give each a name of its own");
        }

        return name;
    }
}
