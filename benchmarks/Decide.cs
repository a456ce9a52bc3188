using System.Collections.Immutable;
using System.Diagnostics;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Benchmarks;

/// <summary>What one decision costs inside the engine, by how many actions compete: for a web page that asks for the three best.</summary>
internal static class DecideBench
{
    private static readonly CustomerKey _ann = CustomerKey.User("default", "ann");
    private static readonly DateTimeOffset _now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<(string Name, double Nanoseconds, double Bytes)> Run() =>
    [
        .. new[] { 20, 100, 500, 2500 }.SelectMany(actions => new[]
        {
            Measure($"one decision among {actions:N0} actions", DecideStrategy.Own(actions), actions, ExplainLevel.None),
            Measure($"one decision among {actions:N0} actions, with reasons", DecideStrategy.Own(actions), actions, ExplainLevel.Summary),
        }),
        .. new[] { 500, 2500 }.SelectMany(actions => new[]
        {
            Measure($"the whole language, {actions:N0} actions", DecideStrategy.Whole(actions), actions, ExplainLevel.None),
            Measure($"the whole language, {actions:N0} actions, with reasons", DecideStrategy.Whole(actions), actions, ExplainLevel.Summary),
            Measure($"the whole language, {actions:N0} actions, in full", DecideStrategy.Whole(actions), actions, ExplainLevel.Full),
        }),
        Measure("500 actions, all of them capped, with reasons", DecideStrategy.Own(500), 500, ExplainLevel.Summary, capped: 500),
        First("the first decision by a strategy of 500 actions, with reasons", ExplainLevel.Summary),
        First("the first decision by a strategy of 500 actions, in full", ExplainLevel.Full),
    ];

    /// <summary>Code of conditions is made when it is needed first: what the customer pays who comes before anything is warm.</summary>
    private static (string Name, double Nanoseconds, double Bytes) First(string name, ExplainLevel explain)
    {
        var (best, bytes) = (double.MaxValue, 0L);
        for (var round = 0; round < 5; round++)
        {
            var strategy = DecideStrategy.Own(500);
            var state = Recorder.Plan(CustomerState.Empty, Events(), strategy, _now).Next;
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            GC.KeepAlive(Decider.Decide(_ann, state, OpenOffers.Empty, strategy, Request(explain), _now));
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds);
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return (name, best, bytes);
    }

    internal static DecisionRequest Request(ExplainLevel explain) =>
        new("request", "", "web", Direction.Inbound, ["hero"], 3, PropertyMap.Empty, explain, false);

    private static (string Name, double Nanoseconds, double Bytes) Measure(string name, Strategy strategy, int actions, ExplainLevel explain, int capped = 0)
    {
        var key = _ann;
        var state = Recorder.Plan(CustomerState.Empty, [.. Events(), .. Rejections(capped)], strategy, _now).Next;
        var request = Request(explain);

        // The best round counts: what else runs on the machine only ever adds. Rounds are short, so that one of them runs alone.
        var (best, bytes) = (double.MaxValue, 0L);
        var perRound = Math.Max(4, 1000 / actions);
        var watch = Stopwatch.StartNew();
        for (var round = 0; round < 500 || watch.Elapsed < TimeSpan.FromSeconds(2); round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < perRound; i++)
            {
                GC.KeepAlive(Decider.Decide(key, state, OpenOffers.Empty, strategy, request, _now));
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / perRound);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / perRound;
        }

        return (name, best, bytes);
    }

    // One of each group, so that the cap on rejections binds all.
    private static IEnumerable<CustomerEvent> Rejections(int actions) => Enumerable.Range(0, actions / 4).Select(group => new CustomerEvent(
        $"rejection-{group}", EventType.Response, "", _now.AddHours(-50), _now, PropertyMap.Empty, PropertyMap.Empty,
        new("", $"i{group / 5}", $"g{group / 5}-{group % 5}", $"a{group * 4}", "", "web", "hero", Outcome.Rejected, Behaviour.Unspecified, 0)));

    internal static ImmutableArray<CustomerEvent> Events() =>
    [
        new("consent", EventType.Track, EventNames.ConsentGranted, _now.AddDays(-9), _now, PropertyMap.Of(("purpose", Value.Of("marketing")), ("channel", Value.Of("any"))), PropertyMap.Empty),
        new("traits", EventType.Identify, "", _now.AddDays(-8), _now, PropertyMap.Of(("first_name", Value.Of("Ann")), ("age", Value.Of(40))), PropertyMap.Empty),
        .. Enumerable.Range(0, 30).Select(i => new CustomerEvent(
            $"view-{i}", EventType.Track, "Product Viewed", _now.AddHours(-200 + i), _now,
            PropertyMap.Of(("category", Value.Of($"c{i % 5}")), ("price", Value.Of(10.0 + i))), PropertyMap.Of(("device", Value.Of(PropertyMap.Of(("type", Value.Of("mobile")))))))),
        .. Enumerable.Range(0, 10).Select(i => new CustomerEvent(
            $"response-{i}", EventType.Response, "", _now.AddHours(-100 + i), _now, PropertyMap.Empty, PropertyMap.Empty,
            new("", "i0", "g0-0", $"a{i}", "", "web", "hero", Outcome.Impression, Behaviour.Unspecified, 0))),
    ];
}
