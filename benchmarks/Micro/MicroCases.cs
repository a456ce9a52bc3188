using System.Collections.Immutable;
using System.Globalization;
using Decisioning.Benchmarks.Memory;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Rules.Indexing;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;
using Decisioning.Storage;
using Decisioning.Storage.Codecs;
using Decisioning.Storage.Resting;

namespace Decisioning.Benchmarks.Micro;

/// <summary>The parts of an event and a decision, one by one.</summary>
public static class MicroCases
{
    private const string Customer = "default/u/ann";
    private static readonly DateTimeOffset _now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    /// <summary>All of them, in the order of the table; each is made when it is asked for.</summary>
    public static IEnumerable<MicroCase> All() => Expressions().Concat(Folds()).Concat(Windows()).Concat(Rules()).Concat(Decisions()).Concat(Strategies()).Concat(Codecs()).Concat(Identities());

    private static IEnumerable<MicroCase> Expressions() => ExpressionsBench.Kinds().Select(kind =>
        new MicroCase($"condition: {kind.Kind}", 1_000, () =>
        {
            var held = 0;
            for (var i = 0; i < 1_000; i++)
            {
                held += kind.Test() == Truth.True ? 1 : 0;
            }

            return held > 0 ? string.Empty : null;
        }));

    private static IEnumerable<MicroCase> Folds()
    {
        foreach (var (features, rules) in new[] { (10, 20), (100, 1_000) })
        {
            var strategy = FoldBench.Shop(features, rules);
            var all = FoldBench.Events(480);
            var later = all[^1].ReceivedAt.AddDays(1);
            var state = Recorder.Plan(CustomerState.Empty, all[..400], strategy, later).Next;
            yield return new(string.Create(CultureInfo.InvariantCulture, $"event recorded: {features} features, {rules:N0} rules"), 80, () =>
            {
                var next = state;
                foreach (var e in all[400..])
                {
                    next = Recorder.Plan(next, [e], strategy, later).Next;
                }

                return next;
            });
            var log = Recorder.Plan(CustomerState.Empty, all, strategy, later).Accepted;
            yield return new(string.Create(CultureInfo.InvariantCulture, $"event replayed: {features} features, {rules:N0} rules"), log.Length, () => Folding.Replay(CustomerState.Empty, log, strategy));
            yield return new(string.Create(CultureInfo.InvariantCulture, $"next instant foreseen: {features} features, {rules:N0} rules"), () => Waking.NextAt(state, strategy, later));
        }
    }

    // What an event costs whose feature is of a kind, in a strategy of nothing else.
    private static IEnumerable<MicroCase> Windows() => FeaturesBench.Kinds().Select(kind =>
    {
        var all = FoldBench.Events(480);
        var later = all[^1].ReceivedAt.AddDays(1);
        var state = Recorder.Plan(CustomerState.Empty, all[..400], kind.Strategy, later).Next;
        return new MicroCase($"event recorded: {kind.Name}", 80, () =>
        {
            var next = state;
            foreach (var e in all[400..])
            {
                next = Recorder.Plan(next, [e], kind.Strategy, later).Next;
            }

            return next;
        });
    });

    private static IEnumerable<MicroCase> Rules()
    {
        foreach (var rules in new[] { 100, 1_000 })
        {
            var strategy = Benchmarks.Strategies.Scale(rules);
            var state = Recorder.Plan(CustomerState.Empty, RuleScaleBench.History(600), strategy, _now.AddYears(1)).Next;
            var index = StrategyPlan.Of(strategy).Index;
            var look = new IndexLook(index, new Facts(strategy));
            var all = Enumerable.Repeat(ulong.MaxValue, index.Words).ToArray();
            var holding = new ulong[index.Words];
            look.Facts.Look(state, state.LatestEventAt!.Value, null, state.Context);
            yield return new(string.Create(CultureInfo.InvariantCulture, $"rule index: all of {rules:N0} rules asked"), () =>
            {
                look.Forget();
                index.Holding(all, look, holding);
                return holding;
            });
        }
    }

    private static IEnumerable<MicroCase> Decisions()
    {
        foreach (var actions in new[] { 10, 100, 500, 2_500 })
        {
            var strategy = DecideStrategy.Own(actions);
            var state = Recorder.Plan(CustomerState.Empty, DecideBench.Events(), strategy, _now).Next;
            foreach (var (explain, how) in new[] { (ExplainLevel.None, ""), (ExplainLevel.Summary, ", with reasons") })
            {
                var request = DecideBench.Request(explain);
                yield return new(string.Create(CultureInfo.InvariantCulture, $"decision among {actions:N0} actions{how}"), () =>
                    Decider.Decide(CustomerKey.User("default", "ann"), state, OpenOffers.Empty, strategy, request, _now));
            }
        }
    }

    private static IEnumerable<MicroCase> Strategies()
    {
        var (retail, typical) = (Benchmarks.Strategies.RetailSource(), TypicalCustomers.Source());
        yield return new("strategy compiled: the retail sample", () => StrategyCompiler.Compile(retail, 1));
        yield return new("strategy compiled: 100 features, 300 rules, 100 actions", () => StrategyCompiler.Compile(typical, 1));
    }

    private static IEnumerable<MicroCase> Codecs()
    {
        var strategy = TypicalCustomers.Strategy();
        RecordedEvent[] events = [.. Recorder.Plan(CustomerState.Empty, TypicalCustomers.Events(42, _now), strategy, _now).Accepted];
        CustomerState[] states = [.. Enumerable.Range(0, 100).Select(i => Recorder.Plan(CustomerState.Empty, TypicalCustomers.Events(i, _now), strategy, _now).Next)];
        byte[][] payloads = [.. events.Select(e => EventCodec.Write(Customer, e))];
        byte[][] rests = [.. states.Select(RestForm.Write)];
        byte[][] snapshots = [.. states.Select(state => SnapshotCodec.Write(Customer, state))];
        yield return new("event written for the log", events.Length, () => Array.ConvertAll(events, e => EventCodec.Write(Customer, e)));
        var (shop, ann) = (DecideStrategy.Own(100), CustomerKey.User("default", "ann"));
        var asked = Recorder.Plan(CustomerState.Empty, DecideBench.Events(), shop, _now).Next;
        foreach (var (explain, how) in new[] { (ExplainLevel.None, ""), (ExplainLevel.Summary, ", with reasons") })
        {
            var request = DecideBench.Request(explain);
            var record = new DecisionRecord(ann, request, Decider.Decide(ann, asked, OpenOffers.Empty, shop, request, _now), OffersCounted.Of(OpenOffers.Empty, isSaid: false));
            yield return new($"decision written for the log{how}", () => DecisionCodec.Write(record));
        }

        yield return new("event read from the log", payloads.Length, () => Array.ConvertAll(payloads, payload => EventCodec.Read(Customer, payload)));
        yield return new("snapshot written, typical customer", states.Length, () => Array.ConvertAll(states, state => SnapshotCodec.Write(Customer, state)));
        yield return new("snapshot read, typical customer", snapshots.Length, () => Array.ConvertAll(snapshots, stored => SnapshotCodec.TryRead(Customer, stored, out var state, out _) ? state : null));
        yield return new("state put to rest, typical customer", states.Length, () => Array.ConvertAll(states, RestForm.Write));
        yield return new("state opened from rest, typical customer", rests.Length, () => Array.ConvertAll(rests, rest => RestForm.Read(rest)));
    }

    private static IEnumerable<MicroCase> Identities()
    {
        yield return new("identity: the key of a user", () => CustomerKey.User("default", "someone@example.com").Value);
        yield return new("identity: a key read", () => CustomerKey.TryParse(Customer, out var key) ? key.Value : null);
        var state = CustomerState.Empty with { Identities = [.. Enumerable.Range(0, 8).Select(i => new LinkedIdentity(CustomerKey.Anonymous("default", $"visitor-{i}"), _now, 1, IsDone: true))] };
        yield return new("identity: one of eight found", () => state.Identities.FirstOrDefault(identity => identity.Key.Id == "visitor-7"));
    }
}
