using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Analysis;
using Decisioning.Engine.Expressions.Syntax;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Expressions;

public sealed class PredicateTests
{
    private const int Seed = 20_261_122;

    private static readonly ExpressionOptions Loose = new() { RefuseConstantConditions = false };

    private static readonly Visitor[] Visitors =
    [
        new(),
        new() { Visits = 0, Points = 3, Vip = true, Nps = 7, Weight = 1.5, Dropped = false, Plan = null, Grade = 0, LastVisit = null },
        new() { Spend = double.NaN, Weight = double.NaN, Plan = "family", Vip = false, Grade = -1, Visits = long.MaxValue, Event = PropertyMap.Empty },
        new() { Event = PropertyMap.Of(("price", Value.Of("dear")), ("count", Value.Of(2.0)), ("topic", Value.Of(true))), Nps = 0, Spend = 0, LastVisit = new Visitor().Now },
    ];

    private static readonly Dictionary<string, TermReader<Visitor>> _readers = [];

    [Theory]
    [InlineData("features.visits_1y >= 3", "features.visits_1y:int >= 3")]
    [InlineData("3 < features.visits_1y", "features.visits_1y:int > 3")]
    [InlineData("features.spend_1y > 200", "features.spend_1y:double > 200.0")]
    [InlineData("profile.nps < 7 && (profile.vip && device.type == 'tv')", "(profile.nps:int or null < 7 && profile.vip:bool or null && device.type:string == \"tv\")")]
    [InlineData("profile.vip || features.dropped_booking || true", "(profile.vip:bool or null || features.dropped_booking:bool || true)")]
    [InlineData("!(profile.plan != 'basic')", "!profile.plan:string or null != \"basic\"")]
    [InlineData("profile.plan == null", "profile.plan:string or null == null")]
    [InlineData("has(profile.plan) && has(event.price)", "(!profile.plan:string or null == null && !event.price:dyn == null)")]
    [InlineData("profile.plan in ['basic', 'family']", "profile.plan:string or null in [\"basic\", \"family\"]")]
    [InlineData("grade('lead') >= 'mql'", "grade(lead):grade >= 1")]
    [InlineData("grade('lead') in ['mql', 'sql']", "grade(lead):grade in [1, 2]")]
    [InlineData("event.price > 7", "event.price:dyn > 7")]
    [InlineData("event.price", "event.price:dyn")]
    [InlineData("age(now)  >=  18", "age(now):int >= 18")]
    [InlineData("features.visits_1y  > now.hour", "features.visits_1y > now.hour:bool")]
    [InlineData("features.visits_1y == 9223372036854775807", "features.visits_1y == 9223372036854775807:bool")]
    [InlineData("'hot' in profile.tags", "'hot' in profile.tags:bool")]
    [InlineData("now - features.last_visit > duration('2d')", "now - features.last_visit:duration > duration(\"172800s\")")]
    public void Conditions_come_apart_into_tests_of_one_term(string text, string key) =>
        Assert.Equal(key, Visitor.Compile(text, CelType.Bool, Loose).Predicate.Key);

    [Theory]
    [InlineData("now - features.last_visit > duration('2d')", ">", 2)]
    [InlineData("duration('2d') > now - features.last_visit", "<", 2)]
    [InlineData("features.last_visit < now - duration('2d')", ">", 2)]
    [InlineData("now - duration('2d') <= features.last_visit", "<=", 2)]
    [InlineData("features.last_visit + duration('2d') <= now", ">=", 2)]
    [InlineData("now > duration('2d') + features.last_visit", ">", 2)]
    [InlineData("features.last_visit > now", "<", 0)]
    [InlineData("now >= features.last_visit", ">=", 0)]
    [InlineData("features.last_visit - now <= duration('2d')", ">=", -2)]
    [InlineData("now + duration('2d') > features.last_visit", ">", -2)]
    [InlineData("features.last_visit - duration('2d') < now", ">", -2)]
    [InlineData("now > timestamp('2026-01-01T00:00:00Z')", null, 0)]
    public void An_age_is_known_however_it_is_written(string text, string? symbol, int days)
    {
        var leaf = Assert.Single(Visitor.Compile(text, CelType.Bool).Predicate.Leaves);

        Assert.Equal(symbol, leaf.Age is { } age ? Operators.Symbol(age.Operator) : null);
        Assert.True(symbol is null || (leaf.Age is { Since: "features.last_visit" } of && of.Span == TimeSpan.FromDays(days)));
    }

    [Fact]
    public void A_predicate_comes_to_what_its_condition_comes_to()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        var random = new RandomExpressions(Seed);
        var errors = 0;
        for (var i = 0; i < 1_500; i++)
        {
            var text = random.Typed("bool", 3);
            var condition = Visitor.Compile(text, CelType.Bool, Loose);
            foreach (var visitor in Visitors)
            {
                var truth = condition.Test(visitor);
                errors += truth == Truth.Error ? 1 : 0;
                Assert.True(truth == condition.Predicate.Evaluate(visitor, Ask), $"{text}: {truth}, but {condition.Predicate}");
                Assert.True(truth == condition.Predicate.ToNegationNormal().Evaluate(visitor, Ask), $"{text}: {truth}, but {condition.Predicate.ToNegationNormal()}");
            }
        }

        Assert.InRange(errors, 300, 5_000);
    }

    private static Truth Ask(Visitor visitor, Leaf leaf)
    {
        if (!_readers.TryGetValue(leaf.Term.Key, out var reader))
        {
            _readers[leaf.Term.Key] = reader = new(leaf.Term);
        }

        return reader.TryRead(visitor, out var value) ? leaf.Test(value) : Truth.Error;
    }
}
