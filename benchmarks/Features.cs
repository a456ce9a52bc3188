using System.Collections.Immutable;
using System.Text;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Strategies;

namespace Decisioning.Benchmarks;

/// <summary>What features cost by themselves: an event in a strategy without rules, and what a cell of each verb weighs.</summary>
internal static class FeaturesBench
{
    private static readonly DateTimeOffset _start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<(string Name, double Nanoseconds, double Bytes)> Run()
    {
        var windows = new[] { "1d", "7d", "30d" };
        return
        [
            FoldBench.Record("one event recorded, no features", Strategy([])),
            FoldBench.Record("one event recorded, 1 count in a window", Strategy(["{ count: Product Viewed, within: 7d }"])),
            FoldBench.Record("one event recorded, 3 counts, windows of one base", Strategy(windows.Select(within => $"{{ count: Product Viewed, within: {within} }}"))),
            FoldBench.Record("one event recorded, 3 counts, of 3 bases", Strategy(windows.Select((within, i) => $"{{ count: Product Viewed, where: event.price >= {i}.0, within: {within} }}"))),
            FoldBench.Record("one event recorded, 100 features, 20 look at it", Strategy(Hundred(every: 5))),
            FoldBench.Record("one event recorded, 100 features, all look at it", Strategy(Hundred(every: 1))),
            .. Verbs().SelectMany(verb => new[] { Weigh(verb, ""), Weigh(verb, ", within: 30d") }),
        ];
    }

    /// <summary>A strategy of one feature of each kind, over all time and in a window.</summary>
    internal static IEnumerable<(string Name, Strategy Strategy)> Kinds() =>
        Verbs().SelectMany(verb => new[] { "", ", within: 30d" }.Select(within => ($"`{verb}{within}`", Strategy([$"{{ {verb}{within} }}"]))));

    private static IEnumerable<string> Verbs() =>
    [
        "count: Product Viewed", "sum: event.price, of: Product Viewed", "avg: event.price, of: Product Viewed", "min: event.price, of: Product Viewed",
        "last: Product Viewed", "first: Product Viewed", "distinct: event.product_id, of: Product Viewed", "top: event.category, of: Product Viewed", "sessions: Product Viewed",
    ];

    // Each verb in several windows, with few different conditions and values.
    private static IEnumerable<string> Hundred(int every)
    {
        string[] windows = ["1d", "7d", "30d", "90d", "365d"];
        for (var i = 0; i < 100; i++)
        {
            var of = i % every == 0 ? "Product Viewed" : "Article Read";
            var (within, where) = (windows[i / every % 5], (i / every / 5 % 3) switch { 0 => "", 1 => ", where: event.price >= 50.0", _ => ", where: event.category == 'c1'" });
            yield return (i / every / 5 % 7) switch
            {
                0 or 1 => $"{{ count: {of}{where}, within: {within} }}",
                2 => $"{{ sum: event.price, of: {of}{where}, within: {within} }}",
                3 => $"{{ avg: event.price, of: {of}{where}, within: {within} }}",
                4 => $"{{ last: event.category, of: {of}{where}, within: {within} }}",
                5 => $"{{ max: event.price, of: {of}{where}, within: {within} }}",
                _ => $"{{ distinct: event.product_id, of: {of}{where}, within: {within} }}",
            };
        }
    }

    // What a hundred cells add to customers with 400 events, and how many entries they have.
    private static (string Name, double Nanoseconds, double Bytes) Weigh(string verb, string within)
    {
        var strategy = Strategy(Enumerable.Range(0, 50).Select(i => $"{{ {verb}, where: event.price >= -{i}.0{within} }}"));
        var (one, none) = (FoldBench.Weigh("", strategy, 400, 100).Bytes, FoldBench.Weigh("", Strategy([]), 400, 100).Bytes);
        var state = Recorder.Plan(CustomerState.Empty, FoldBench.Events(400), strategy, _start.AddYears(1)).Next;
        return ($"a cell of `{verb}{within}`, {state.Features.ToCells()[0].Entries.Length} entries", 0, (one - none) / 50);
    }

    private static Strategy Strategy(IEnumerable<string> features)
    {
        var yaml = new StringBuilder("strategy: features\nevents:\n");
        foreach (var name in new[] { "Product Viewed", "Product Added", "Article Read", "Order Completed" })
        {
            yaml.AppendLine($"  {name}: {{ category: string, price: double, product_id: string }}");
        }

        yaml.AppendLine("features:\n  none: { count: Screen Viewed }");
        foreach (var (i, feature) in features.Index())
        {
            yaml.AppendLine($"  f{i}: {feature}");
        }

        var (strategy, errors) = StrategyCompiler.Compile(new(ImmutableSortedDictionary<string, string>.Empty.Add("strategy.yaml", yaml.ToString())), 1);
        return strategy ?? throw new InvalidOperationException(string.Join('\n', errors.Take(10)));
    }
}
