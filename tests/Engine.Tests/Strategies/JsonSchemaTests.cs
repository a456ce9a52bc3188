using System.Collections.Immutable;
using System.Text.Json;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Testing;
using Decisioning.Tests.Shared;

namespace Decisioning.Engine.Tests.Strategies;

/// <summary>The JSON Schema for editors, asked through a validator made by others.</summary>
public sealed class JsonSchemaTests : IDisposable
{
    private const string Script = "tests/Engine.Tests/clients/node/schema.js";

    /// <summary>Pieces that neither an editor nor the compiler takes.</summary>
    private static readonly string[] Wrong =
    [
        "fetaures: { a: { count: any } }",
        "timezone: [Europe/Berlin]",
        "offer_expires: 30s5m",
        "allowed_lateness: soon",
        "profile: { plan: strng }",
        "profile: { first-name: string }",
        "profile: { nps: { min: 0, max: 10 } }",
        "events: { Order Completed: { total: number } }",
        "features: { a: { count: any, sum: event.total } }",
        "features: { a: { within: 7d } }",
        "features: { a: { count: [] } }",
        "features: { a: { cuont: any } }",
        "features: { 1a: { count: any } }",
        "features: { a: { count: any, within: 7 days } }",
        "segments: [ a ]",
        "segments: { a: { when: true } }",
        "scores: { lead: { cap: 0 } }",
        "scores: { lead: { half_life: 14 } }",
        "scores: { lead: { points: [ { add: 4 } ] } }",
        "scores: { lead: { points: [ { on: Page Viewed, add: four } ] } }",
        "journey: { find: { exit: true } }",
        "journey: { find: { enter: true, re_enter: perhaps } }",
        "journey: { find: { enter: true, timeout: { to: find } } }",
        "rules: [ { behaviour: true, then: [ { score: { lead: 5 } } ] } ]",
        "rules: [ { id: a b, behaviour: true, then: [ { tag: { name: t } } ] } ]",
        "rules: [ { id: a, then: [ { tag: { name: t } } ] } ]",
        "rules: [ { id: a, behaviour: true, then: [ { tag: { name: t }, offer: x } ] } ]",
        "rules: [ { id: a, behaviour: true, then: [ { tag: { level: hot } } ] } ]",
        "calendars: { holiday: [ May ] }",
        "channels: kiosk",
        "consent: { purpose: [marketing] }",
        "contact: { caps: [ { outcome: IMPRESSION, of: everyone, at_most: 2, within: 7d } ] }",
        "contact: { caps: [ { outcome: IMPRESSION, of: all, at_most: 1.5, within: 7d } ] }",
        "contact: { caps: [ { outcome: IMPRESSION, of: all, at_most: 1000, within: 7d } ] }",
        "issues: { i: { g: { a: { value: -1, treatments: [ { channel: web, placement: hero } ] } } } }",
        "issues: { i: { value: -1, g: { a: { treatments: [ { channel: web, placement: hero } ] } } } }",
        "contact: { quiet_hours: 21-8 }",
        "touch: { medium: true }",
        "issues: { i: { g: { a: { value: 1, treatments: [ { channel: web } ] } } } }",
        "issues: { i: { g: { a: { value: 1, propensity: 2, treatments: [ { channel: web, placement: hero } ] } } } }",
        "issues: { i: { g: { a: { value: 1, valid_until: tomorrow, treatments: [ { channel: web, placement: hero } ] } } } }",
        "arbitration: { levers: [ { for: issue.i, weight: 0 } ] }",
        "arbitration: { levers: [ { for: i, weight: 2 } ] }",
    ];

    /// <summary>Pieces of test files that neither an editor nor the reader takes.</summary>
    private static readonly string[] WrongTests =
    [
        "test: [ { test: t, expect: { tags: [] } } ]",
        "tests: [ { name: t, at: 2026-01-01, expect: { tags: [] } } ]",
        "tests: [ { test: t, at: 2026-01-01, expects: { tags: [] } } ]",
        "tests: [ { test: t, at: 2026-01-01, expect: { tag: [] } } ]",
        "tests: [ { test: t, at: 2026-01-01, ask: { channel: web, place: hero }, expect: { offers: [] } } ]",
        "tests: [ { test: t, at: 2026-01-01, ask: { max_items: 0 }, expect: { offers: [] } } ]",
        "tests: [ { test: t, at: 2026-01-01, ask: { direction: sideways }, expect: { offers: [] } } ]",
        "tests: [ { test: t, at: 2026-01-01, ask: {}, expect: { touch: medium } } ]",
        "tests: [ { test: t, given: [ { at: 2026-01-01, evnt: Page Viewed } ], expect: { tags: [] } } ]",
        "tests: [ { test: t, given: [ { at: 2026-01-01, event: Page Viewed, times: 0 } ], expect: { tags: [] } } ]",
        "tests: [ { test: t, given: [ { at: 2026-01-01, identify: [ann] } ], expect: { tags: [] } } ]",
        "tests: [ { test: t, given: [ { at: 2026-01-01, response: a, outcome: LIKED } ], expect: { tags: [] } } ]",
        "tests: [ { test: t, given: [ { at: 2026-01-01, consent: marketing, status: maybe } ], expect: { tags: [] } } ]",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("decisioning-schema-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_validator_takes_every_file_of_the_samples_and_of_the_manual()
    {
        var samples = Directory.EnumerateDirectories(SampleStrategies.Root)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories)
                .Where(file => StrategySource.IsPart(Path.GetRelativePath(folder, file).Replace('\\', '/'))));
        var examples = ManualTests.Examples.Select((text, i) => Write($"example-{i}", text));

        var printed = await ValidateAsync(StrategyJsonSchema.Text, [.. samples, .. examples]);

        Assert.True(printed.Count > 12, $"{printed.Count} files");
        Assert.All(printed, line => Assert.StartsWith("ok ", line));
    }

    [Fact]
    public async Task A_validator_refuses_what_the_compiler_refuses_too()
    {
        foreach (var piece in Wrong)
        {
            Assert.False(Fragments.CompilePiece(piece).Errors.IsEmpty, $"the compiler takes {piece}");
        }

        var printed = await ValidateAsync(StrategyJsonSchema.Text, [.. Wrong.Select((piece, i) => Write($"wrong-{i:00}", piece))]);

        Assert.Equal(Wrong.Length, printed.Count);
        foreach (var (piece, line) in Wrong.Zip(printed))
        {
            Assert.True(line.StartsWith("no ", StringComparison.Ordinal), $"the schema takes {piece}");
        }
    }

    [Fact]
    public async Task A_validator_takes_every_test_file_of_the_samples_and_of_the_manual()
    {
        var samples = Directory.EnumerateDirectories(SampleStrategies.Root).SelectMany(folder => Directory.EnumerateFiles(Path.Combine(folder, "tests"), "*.yaml"));
        var examples = ManualTests.TestFilesInIt.Select((text, i) => Write($"example-{i}", text)).ToList();

        var printed = await ValidateAsync(TestJsonSchema.Text, [.. samples, .. examples]);

        Assert.NotEmpty(examples);
        Assert.True(printed.Count >= 10, $"{printed.Count} files");
        Assert.All(printed, line => Assert.StartsWith("ok ", line));
    }

    [Fact]
    public async Task A_validator_refuses_test_files_that_the_reader_refuses_too()
    {
        var strategy = Fragments.Compiled("consent: { purposes: [marketing] }");
        foreach (var piece in WrongTests)
        {
            var (suite, errors) = TestFiles.Read(ImmutableSortedDictionary<string, string>.Empty.Add("tests/a.yaml", piece), strategy);
            Assert.True(suite is null && !errors.IsEmpty, $"the reader takes {piece}");
        }

        var printed = await ValidateAsync(TestJsonSchema.Text, [.. WrongTests.Select((piece, i) => Write($"wrong-{i:00}", piece))]);

        Assert.Equal(WrongTests.Length, printed.Count);
        foreach (var (piece, line) in WrongTests.Zip(printed))
        {
            Assert.True(line.StartsWith("no ", StringComparison.Ordinal), $"the schema takes {piece}");
        }
    }

    [Fact]
    public void The_copies_beside_the_samples_are_the_schemas()
    {
        Assert.True(
            File.ReadAllText(Path.Combine(SampleStrategies.Root, "strategy.schema.json")) == StrategyJsonSchema.Text,
            "strategies/strategy.schema.json is out of date; write it anew: decide schema > strategies/strategy.schema.json");
        Assert.True(
            File.ReadAllText(Path.Combine(SampleStrategies.Root, "tests.schema.json")) == TestJsonSchema.Text,
            "strategies/tests.schema.json is out of date; write it anew: decide schema --tests > strategies/tests.schema.json");
    }

    [Fact]
    public void The_samples_say_where_the_schema_is()
    {
        foreach (var file in Directory.EnumerateDirectories(SampleStrategies.Root).SelectMany(folder => Directory.EnumerateFiles(folder, "*.yaml").Concat(Directory.EnumerateFiles(Path.Combine(folder, "tests"), "*.yaml"))))
        {
            var named = Path.Combine(Path.GetDirectoryName(file)!, File.ReadLines(file).First().Replace("# yaml-language-server: $schema=", "", StringComparison.Ordinal));
            Assert.True(File.Exists(named), $"{file} does not begin with `# yaml-language-server: $schema=` and the way to the schema");
        }
    }

    [Fact]
    public void Every_key_says_what_it_is_for()
    {
        using var strategies = JsonDocument.Parse(StrategyJsonSchema.Text);
        using var tests = JsonDocument.Parse(TestJsonSchema.Text);

        var keys = Keys(strategies.RootElement).Concat(Keys(tests.RootElement)).ToList();

        Assert.True(keys.Count > 120, $"{keys.Count} keys");
        Assert.All(keys, key => Assert.True(
            key.Value.TryGetProperty("description", out var text) && text.GetString() is { Length: > 5 } meaning && meaning.EndsWith('.'), key.Name));
    }

    private static IEnumerable<JsonProperty> Keys(JsonElement schema) =>
        schema.GetProperty("$defs").EnumerateObject().Select(definition => definition.Value).Prepend(schema)
            .Where(mapping => mapping.TryGetProperty("properties", out _))
            .SelectMany(mapping => mapping.GetProperty("properties").EnumerateObject());

    private async Task<IReadOnlyList<string>> ValidateAsync(string schema, string[] files)
    {
        var run = await ForeignClients.NodeAsync(Script, [Write("schema", schema), .. files]);
        Assert.True(run.ExitCode == 0, run.Output);
        return run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
