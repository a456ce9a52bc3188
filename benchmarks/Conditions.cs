using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Decisioning.Engine;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Rules.Indexing;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Benchmarks;

/// <summary>
/// The same 1,000 conditions over the same 100 customers in our engine and in engines of the JavaScript world, in one run. All must come
/// to the same outcomes before anything is compared.
/// </summary>
internal static class ConditionsBench
{
    private const int RowCount = 100;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

    private delegate void Ask(CustomerState state, Span<char> outcomes);

    public static async Task<IReadOnlyList<(string Name, double Value, string Unit)>> RunAsync()
    {
        var random = new RandomConditions(20_261_121);
        var conditions = Enumerable.Range(0, Limits.SegmentsMax).Select(_ => random.Condition()).ToList();
        var rows = Enumerable.Range(0, RowCount).Select(_ => random.Row()).ToList();
        var ours = Ours(conditions, rows).ToList();
        var results = ours.Select(one => ($"ours, {one.Name}: one condition", one.Nanoseconds, "ns")).ToList();
        var (others, reason) = await JavaScript.RunAsync("conditions.js", Input(conditions, rows), Duration);
        if (others is null)
        {
            Console.WriteLine($"  only ours: {reason}");
            return results;
        }

        foreach (var other in others.OfType<JsonObject>())
        {
            var (name, nanoseconds) = ((string)other["name"]!, (double)other["nanoseconds"]!);
            RequireSame(name, (string)other["outcomes"]!, ours[0].Outcomes, conditions);
            results.Add(($"{name}: one condition", nanoseconds, "ns"));
            results.AddRange(ours.Select(one => ($"  ours, {one.Name}, is faster than {name}", nanoseconds / one.Nanoseconds, "times")));
        }

        return results;
    }

    private static IEnumerable<(string Name, double Nanoseconds, string Outcomes)> Ours(List<RandomConditions.Written> conditions, List<JsonObject> rows)
    {
        var strategy = Compile(conditions);
        var facts = new Facts(strategy);
        var states = rows.Select(row => CustomerState.Empty with { Profile = Profile(row) }).ToList();
        var held = new char[conditions.Count * rows.Count];
        yield return Measure("one after another", held, states, (state, to) =>
        {
            facts.Look(state, DateTimeOffset.UnixEpoch, null, PropertyMap.Empty);
            foreach (var segment in strategy.Segments)
            {
                to[segment.Index] = segment.When.Test(facts) == Truth.True ? '1' : '0';
            }
        });

        var index = StrategyPlan.Of(strategy).Index;
        var look = new IndexLook(index, facts);
        var asked = new ulong[index.Words];
        Array.Fill(asked, ulong.MaxValue);
        asked[^1] = ulong.MaxValue >> ((64 - (index.Count % 64)) % 64);
        var holding = new ulong[index.Words];
        yield return Measure("through the index", held, states, (state, to) =>
        {
            facts.Look(state, DateTimeOffset.UnixEpoch, null, PropertyMap.Empty);
            look.Forget();
            index.Holding(asked, look, holding);
            for (var i = 0; i < index.Count; i++)
            {
                to[i] = (holding[i >> 6] & (1UL << (i & 63))) != 0 ? '1' : '0';
            }
        });
    }

    // The best time of each customer counts: so what else the machine does falls on few of them.
    private static (string, double, string) Measure(string name, char[] held, List<CustomerState> states, Ask ask)
    {
        var each = held.Length / states.Count;
        var best = new double[states.Count];
        Array.Fill(best, double.MaxValue);
        var clock = Stopwatch.StartNew();
        for (var round = 0; round < 3 || clock.Elapsed < Duration; round++)
        {
            for (var i = 0; i < states.Count; i++)
            {
                var start = Stopwatch.GetTimestamp();
                ask(states[i], held.AsSpan(i * each, each));
                best[i] = Math.Min(best[i], Stopwatch.GetElapsedTime(start).TotalNanoseconds);
            }
        }

        return (name, best.Sum() / held.Length, new string(held));
    }

    private static Strategy Compile(List<RandomConditions.Written> conditions)
    {
        var text = "strategy: conditions\nprofile:\n"
            + string.Concat(RandomConditions.Attributes.Select(attribute => $"  {attribute.Name}: {attribute.Type}\n"))
            + "segments:\n"
            + string.Concat(conditions.Select((condition, i) => $"  s{i}: |\n    {condition.Cel}\n"));
        var (strategy, errors) = StrategyCompiler.Compile(new StrategySource(ImmutableSortedDictionary<string, string>.Empty.Add("strategy.yaml", text)), 1);
        return strategy ?? throw new InvalidOperationException(string.Join('\n', errors));
    }

    private static PropertyMap Profile(JsonObject row) => PropertyMap.From(row.Select(one => KeyValuePair.Create(one.Key, one.Value!.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.String => Value.Of((string)one.Value!),
        System.Text.Json.JsonValueKind.Number => one.Key.StartsWith("count", StringComparison.Ordinal) ? Value.Of((long)(int)one.Value!) : Value.Of((double)one.Value!),
        _ => Value.Of((bool)one.Value!),
    })));

    private static JsonObject Input(List<RandomConditions.Written> conditions, List<JsonObject> rows) => new()
    {
        ["conditions"] = new JsonArray([.. conditions.Select(condition => new JsonObject { ["cel"] = condition.Cel, ["rule"] = condition.Rule })]),
        ["rows"] = new JsonArray([.. rows]),
    };

    private static void RequireSame(string name, string theirs, string ours, List<RandomConditions.Written> conditions)
    {
        var at = theirs.Length == ours.Length ? theirs.AsSpan().CommonPrefixLength(ours) : 0;
        if (at < ours.Length)
        {
            throw new InvalidOperationException($"{name} comes to {theirs[at]} and we to {ours[at]} for `{conditions[at % conditions.Count].Cel}` of customer {at / conditions.Count}");
        }
    }
}
