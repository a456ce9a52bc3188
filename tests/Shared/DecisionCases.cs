using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Tests.Shared;

/// <summary>
/// The corpus of decisions under <c>tests/cases/decisions</c>: what one customer did, what was asked, what must come out. The same
/// files are run on the engine alone, on grains and through the gateway. A file holds one case, or several about one thing;
/// <c>README.md</c> there tells the form.
/// </summary>
public static partial class DecisionCases
{
    private static readonly FrozenDictionary<string, JsonElement> Files =
        Directory.EnumerateFiles(Folder("cases/decisions"), "*.yaml").ToFrozenDictionary(file => Path.GetFileNameWithoutExtension(file), YamlCases.Read, StringComparer.Ordinal);

    /// <summary>The names of all cases: the file's, and after a slash the case's own where it has several.</summary>
    public static IEnumerable<string> Names { get; } = [.. Files.SelectMany(file => NamesIn(file.Key, file.Value)).Order(StringComparer.Ordinal)];

    /// <summary>Reads a case.</summary>
    public static DecisionCase Read(string name)
    {
        var (file, own) = name.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? (name[..slash], name[(slash + 1)..]) : (name, "");
        var root = Files[file];
        var given = own.Length == 0 ? root : root.GetProperty("cases").EnumerateArray().Single(one => Text(one, "case") == own);
        var about = Text(given, "about") ?? throw new InvalidDataException($"{name}: `about` is missing");
        return new(name, about, Source(root.GetProperty("strategy").GetString()!, Text(given, "with")), Steps(given, name, Text(root, "now")));
    }

    private static IEnumerable<string> NamesIn(string file, JsonElement root) => root.TryGetProperty("cases", out var cases)
        ? cases.EnumerateArray().Select(one => $"{file}/{Text(one, "case")}")
        : [file];

    private static StrategySource Source(string strategy, string? with)
    {
        // A name is one of the sample strategies, lines are a strategy written for the case.
        var files = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (strategy.Contains('\n', StringComparison.Ordinal))
        {
            files.Add("strategy.yaml", strategy);
        }
        else
        {
            var folder = Folder($"../strategies/{strategy}");
            files.AddRange(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(file => StrategySource.IsPart(Path.GetRelativePath(folder, file).Replace('\\', '/')))
                .Select(file => KeyValuePair.Create(Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllText(file))));
        }

        if (with is not null)
        {
            files.Add("with.yaml", with);
        }

        return new(files.ToImmutable());
    }

    private static ImmutableArray<CaseStep> Steps(JsonElement given, string name, string? now)
    {
        var steps = ImmutableArray.CreateBuilder<CaseStep>();
        var received = DateTimeOffset.MinValue;
        foreach (var (index, step) in given.GetProperty("steps").EnumerateArray().Index())
        {
            var at = Instant(Text(step, "at"), now);
            received = at > received ? at : received;
            if (step.TryGetProperty("ask", out _))
            {
                steps.Add(Ask(step, at, $"{name}-{index}"));
                continue;
            }

            var late = step.TryGetProperty("late", out var isLate) && isLate.GetBoolean();
            var events = Events(step, at, received, $"{name}-{index}").ToImmutableArray();
            if (steps.Count > 0 && steps[^1] is CaseStep.Record before && before.IsLate == late)
            {
                steps[^1] = before with { Events = [.. before.Events, .. events] };
            }
            else
            {
                steps.Add(new CaseStep.Record(events, late));
            }
        }

        return steps.ToImmutable();
    }

    private static CaseStep.Ask Ask(JsonElement step, DateTimeOffset at, string id)
    {
        var ask = step.GetProperty("ask");
        var request = new DecisionRequest(
            Text(ask, "id") ?? id, "", Text(ask, "channel") ?? "", Direction.Inbound, [.. Texts(ask, "placements")],
            MaxItems(ask), Map(ask, "context"),
            Enum.Parse<ExplainLevel>(Text(ask, "explain") ?? "Summary", ignoreCase: true),
            ask.TryGetProperty("dry_run", out var dry) && dry.GetBoolean())
        {
            Containers = ask.TryGetProperty("containers", out var containers) ? [.. containers.EnumerateArray().Select(Container)] : [],
        };
        return new(at, request, new(step.GetProperty("expect").Clone()));
    }

    private static RequestedContainer Container(JsonElement container) => new(Text(container, "name")!, [.. Texts(container, "placements")], MaxItems(container));

    private static int MaxItems(JsonElement asked) => asked.TryGetProperty("max_items", out var max) ? max.GetInt32() : 1;

    private static IEnumerable<CustomerEvent> Events(JsonElement e, DateTimeOffset at, DateTimeOffset received, string id)
    {
        var times = e.TryGetProperty("times", out var count) ? count.GetInt32() : 1;
        for (var i = 0; i < times; i++)
        {
            yield return e.TryGetProperty("response", out var response)
                ? new($"{id}-{i}", EventType.Response, "", at, received, PropertyMap.Empty, PropertyMap.Empty, Response(response))
                : e.TryGetProperty("identify", out _)
                    ? new($"{id}-{i}", EventType.Identify, "", at, received, Map(e, "identify"), Map(e, "context"))
                    : new($"{id}-{i}", EventType.Track, Text(e, "event")!, at, received, Map(e, "properties"), Map(e, "context"));
        }
    }

    private static ActionResponse Response(JsonElement response) => new(
        Text(response, "decision") ?? "", Text(response, "issue") ?? "", Text(response, "group") ?? "", Text(response, "action")!,
        "", Text(response, "channel") ?? "", "", Enum.Parse<Outcome>(Text(response, "outcome")!.Replace("_", "", StringComparison.Ordinal), ignoreCase: true),
        Behaviour.Unspecified, 0);

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static IEnumerable<string> Texts(JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) ? list.EnumerateArray().Select(item => item.GetString()!) : [];

    /// <summary>An instant as written, or counted from the file's own: <c>-2d12h</c>, <c>+90m</c>; that itself where none is written.</summary>
    private static DateTimeOffset Instant(string? text, string? now)
    {
        if (text is { Length: > 0 } && text[0] is not ('+' or '-'))
        {
            return DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        }

        var at = Instant(now ?? throw new InvalidDataException("`now` is missing"), null);
        foreach (var part in Part().Matches(text ?? "").Cast<Match>())
        {
            var span = long.Parse(part.Groups["count"].Value, CultureInfo.InvariantCulture) * part.Groups["unit"].Value switch
            {
                "d" => TimeSpan.FromDays(1),
                "h" => TimeSpan.FromHours(1),
                "m" => TimeSpan.FromMinutes(1),
                _ => TimeSpan.FromSeconds(1),
            };
            at += text![0] == '-' ? -span : span;
        }

        return at;
    }

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

    [GeneratedRegex("(?<count>[0-9]+)(?<unit>[dhms])", RegexOptions.ExplicitCapture)]
    private static partial Regex Part();

    private static string Folder(string path, [CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", path));
}

/// <summary>One case of the corpus.</summary>
/// <param name="Name">Its file's name, and after a slash its own where the file has several.</param>
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

    /// <summary>The customer did something.</summary>
    /// <param name="Events">What, in the order it came in.</param>
    /// <param name="IsLate">Whether it comes later than the strategy allows.</param>
    public sealed record Record(ImmutableArray<CustomerEvent> Events, bool IsLate) : CaseStep
    {
        /// <summary>What the engine must say of each event.</summary>
        public RecordStatus Status => IsLate ? RecordStatus.LateApplied : RecordStatus.Applied;
    }

    /// <summary>Somebody asks for the next best action. What is offered stays open for the steps that follow, unless it is a dry run.</summary>
    /// <param name="At">When.</param>
    /// <param name="Request">The question.</param>
    /// <param name="Expected">What must come out.</param>
    public sealed record Ask(DateTimeOffset At, DecisionRequest Request, ExpectedDecision Expected) : CaseStep;
}
