using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Tests.Shared;

/// <summary>
/// The corpus of decisions under <c>tests/cases/decisions</c>: what one customer did, what was asked, what must come out. The same
/// files are run on the engine alone, on grains and through the gateway. One file is one case; <c>README.md</c> there tells the form.
/// </summary>
public static class DecisionCases
{
    /// <summary>The names of all cases.</summary>
    public static IEnumerable<string> Names { get; } =
        [.. Directory.EnumerateFiles(Folder("cases/decisions"), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    /// <summary>Reads a case.</summary>
    public static DecisionCase Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder("cases/decisions"), name + ".json")));
        var root = document.RootElement;
        var steps = root.GetProperty("steps").EnumerateArray().Select((step, index) => Step(step, $"{name}-{index}")).ToImmutableArray();
        return new(name, root.GetProperty("about").GetString()!, Source(root.GetProperty("strategy")), steps);
    }

    private static StrategySource Source(JsonElement strategy)
    {
        // A name is one of the sample strategies, lines are a strategy written for the case.
        if (strategy.ValueKind == JsonValueKind.Array)
        {
            var text = string.Join('\n', strategy.EnumerateArray().Select(line => line.GetString()));
            return new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("strategy.yaml", text));
        }

        var folder = Folder($"../strategies/{strategy.GetString()}");
        return new(Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories)
            .ToImmutableSortedDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllText, StringComparer.Ordinal));
    }

    private static CaseStep Step(JsonElement step, string id)
    {
        if (step.TryGetProperty("events", out var events))
        {
            return new CaseStep.Record([.. events.EnumerateArray().SelectMany((e, index) => Events(e, $"{id}-{index}"))]);
        }

        var (ask, expect) = (step.GetProperty("ask"), step.GetProperty("expect"));
        var request = new DecisionRequest(
            Text(ask, "id") ?? id, "", Text(ask, "channel") ?? "", Direction.Inbound, [.. Texts(ask, "placements")],
            ask.TryGetProperty("max_items", out var max) ? max.GetInt32() : 1, Map(ask, "context"),
            Enum.Parse<ExplainLevel>(Text(ask, "explain") ?? "Summary", ignoreCase: true),
            ask.TryGetProperty("dry_run", out var dry) && dry.GetBoolean());
        return new CaseStep.Ask(Instant(step.GetProperty("at")), request, new(expect.Clone()));
    }

    private static IEnumerable<CustomerEvent> Events(JsonElement e, string id)
    {
        var at = Instant(e.GetProperty("at"));
        var times = e.TryGetProperty("times", out var count) ? count.GetInt32() : 1;
        for (var i = 0; i < times; i++)
        {
            yield return e.TryGetProperty("response", out var response)
                ? new($"{id}-{i}", EventType.Response, "", at, at, PropertyMap.Empty, PropertyMap.Empty, Response(response))
                : e.TryGetProperty("identify", out _)
                    ? new($"{id}-{i}", EventType.Identify, "", at, at, Map(e, "identify"), Map(e, "context"))
                    : new($"{id}-{i}", EventType.Track, Text(e, "event")!, at, at, Map(e, "properties"), Map(e, "context"));
        }
    }

    private static ActionResponse Response(JsonElement response) => new(
        Text(response, "decision") ?? "", Text(response, "issue") ?? "", Text(response, "group") ?? "", Text(response, "action")!,
        "", Text(response, "channel") ?? "", "", Enum.Parse<Outcome>(Text(response, "outcome")!.Replace("_", "", StringComparison.Ordinal), ignoreCase: true),
        Behaviour.Unspecified, 0);

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static IEnumerable<string> Texts(JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) ? list.EnumerateArray().Select(item => item.GetString()!) : [];

    private static DateTimeOffset Instant(JsonElement element) =>
        DateTimeOffset.Parse(element.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static PropertyMap Map(JsonElement element, string name) =>
        element.TryGetProperty(name, out var map) ? Value(map).AsMap() : PropertyMap.Empty;

    private static Value Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Engine.Values.Value.Of(PropertyMap.From(element.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, Value(member.Value))))),
        JsonValueKind.Array => Engine.Values.Value.Of([.. element.EnumerateArray().Select(Value)]),
        JsonValueKind.String => Engine.Values.Value.Of(element.GetString()),
        JsonValueKind.Number => element.TryGetInt64(out var integer) ? Engine.Values.Value.Of(integer) : Engine.Values.Value.Of(element.GetDouble()),
        JsonValueKind.True => Engine.Values.Value.Of(true),
        JsonValueKind.False => Engine.Values.Value.Of(false),
        _ => Engine.Values.Value.Null,
    };

    private static string Folder(string path, [CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", path));
}

/// <summary>One case of the corpus.</summary>
/// <param name="Name">Its file's name.</param>
/// <param name="About">What it shows, in a sentence.</param>
/// <param name="Source">The strategy.</param>
/// <param name="Steps">What happens, in this order, to one customer of whom nothing is known before.</param>
public sealed record DecisionCase(string Name, string About, StrategySource Source, ImmutableArray<CaseStep> Steps);

/// <summary>A step of a case.</summary>
public abstract record CaseStep
{
    private CaseStep()
    {
    }

    /// <summary>The customer did something; all of it is received when it happens.</summary>
    /// <param name="Events">What, oldest first.</param>
    public sealed record Record(ImmutableArray<CustomerEvent> Events) : CaseStep;

    /// <summary>Somebody asks for the next best action. What is offered stays open for the steps that follow, unless it is a dry run.</summary>
    /// <param name="At">When.</param>
    /// <param name="Request">The question.</param>
    /// <param name="Expected">What must come out.</param>
    public sealed record Ask(DateTimeOffset At, DecisionRequest Request, ExpectedDecision Expected) : CaseStep;
}
