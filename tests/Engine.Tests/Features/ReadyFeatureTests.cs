using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Strategies.Sections;
using Decisioning.Engine.Tests.Customers;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Features;

public sealed class ReadyFeatureTests
{
    private static readonly DateTimeOffset _start = History.Start;

    [Fact]
    public void A_name_means_the_same_as_its_words_over_declared_events()
    {
        const string events = """
            events:
              Order Completed: { total: double, revenue: double, products: list }
              Order Refunded: {}
              Checkout Started: {}
              Product Viewed: { product_id: string, category: string, brand: string }
              Product Added: {}
              Product Added to Wishlist: {}
              Products Searched: { query: string }
            """;
        foreach (var (name, words) in ReadyFeatures.All)
        {
            var used = Compile($"features: {{ a: {{ use: {name} }} }}").Features[0];
            var written = Compile($"{events}\nfeatures:\n  a: {words}\n").Features[0];

            Assert.Equal((name, written.Key, written.Kind, written.Type, written.Within), (name, used.Key, used.Kind, used.Type, used.Within));
        }
    }

    [Fact]
    public void They_read_what_their_names_say_of_events_nobody_declared()
    {
        var strategy = Compile($"features:\n{string.Concat(ReadyFeatures.All.Select(ready => $"  {ready.Name}: {{ use: {ready.Name} }}\n"))}  spend_7d: {{ use: spend, within: 7d }}\n  big_orders: {{ use: orders, where: event.total > 50.0 }}\n");
        var lines = Value.Of([Value.Of(PropertyMap.Of(("quantity", Value.Of(3)))), Value.Of(PropertyMap.Of(("sku", Value.Of("x"))))]);
        var campaign = PropertyMap.Of(("campaign", Value.Of(PropertyMap.Of(("source", Value.Of("news"))))), ("device", Value.Of(PropertyMap.Of(("type", Value.Of("mobile"))))));
        var state = History.Fold(strategy,
        [
            History.Event("Page Viewed", _start, "a", ("path", Value.Of("/hello")), ("referrer", Value.Of("search"))) with { Context = campaign },
            History.Event("Page Viewed", _start.AddMinutes(20), "b", ("path", Value.Of("/shop"))),
            History.Event("Product Viewed", _start.AddMinutes(21), "c", ("product_id", Value.Of("p1")), ("category", Value.Of("lamps"))),
            History.Event("Product Added", _start.AddMinutes(22), "d"),
            History.Event("Order Completed", _start.AddDays(1), "e", ("total", Value.Of(40.5)), ("products", lines)),
            History.Event("Page Viewed", _start.AddDays(9), "f", ("path", Value.Of("/again"))),
            History.Event("Order Completed", _start.AddDays(10), "g", ("total", Value.Of(59.5))),
        ]);

        var features = CustomerViews.Of(state, strategy, _start.AddDays(12).AddHours(1)).Features;
        foreach (var (name, expected) in (ReadOnlySpan<(string, string)>)
            [
                ("orders", "2"), ("spend", "100.0"), ("spend_7d", "59.5"), ("big_orders", "1"), ("average_basket", "50.0"), ("largest_basket", "59.5"), ("items", "4.0"),
                ("days_since_last_order", "2"), ("returning", "true"), ("cart_abandoned", "false"), ("frequency", "2"), ("monetary", "100.0"), ("recency", "176400s"),
                ("sessions", "2"), ("pages", "3"), ("landing_page", "\"/hello\""), ("last_page", "\"/again\""), ("first_referrer", "\"search\""),
                ("first_campaign_source", "\"news\""), ("campaign_medium", "null"), ("device", "\"mobile\""), ("favourite_category", "\"lamps\""), ("products_viewed", "1"),
                ("best_hour", "9"), ("refunds", "0"),
            ])
        {
            Assert.Equal((name, expected), (name, features[name].ToString()));
        }
    }

    [Theory]
    [InlineData("{ use: recency, bands: [7d, 30d, 90d, 365d] }", 0, 5)]
    [InlineData("{ use: recency, bands: [7d, 30d, 90d, 365d] }", 7, 4)]
    [InlineData("{ use: recency, bands: [7d, 30d, 90d, 365d] }", 400, 1)]
    [InlineData("{ use: recency, bands: [7d, 30d, 90d, 365d], where: event.total > 1000.0 }", 0, 1)]
    [InlineData("{ use: orders, bands: [1, 2, 4, 8] }", 0, 3)]
    [InlineData("{ use: orders, bands: [4, 8] }", 0, 1)]
    [InlineData("{ use: spend, bands: [10, 99.5, 100] }", 0, 4)]
    [InlineData("{ use: average_basket, bands: [51] }", 0, 1)]
    [InlineData("{ use: average_basket, bands: [50] }", 0, 2)]
    public void Bands_make_a_score_from_1(string words, int days, int expected)
    {
        var strategy = Compile($"features: {{ a: {words} }}");
        var state = History.Fold(strategy, [History.Event("Order Completed", _start, "a", ("total", Value.Of(40))), History.Event("Order Completed", _start, "b", ("total", Value.Of(60)))]);

        Assert.Equal("int", strategy.Features[0].Type.ToString());
        Assert.Equal(Value.Of(expected), CustomerViews.Of(state, strategy, _start.AddDays(days)).Features["a"]);
    }

    [Theory]
    [InlineData("{ use: recency, bands: [7d, 30d] }", "0 7 30")]
    [InlineData("{ use: days_since_last_order, within: 3d }", "0 1 2 3")]
    [InlineData("{ use: recency }", "0")]
    public void When_a_recency_in_steps_changes_is_known(string words, string days)
    {
        var strategy = Compile($"features: {{ a: {words} }}");
        var state = History.Fold(strategy, [History.Event("Order Completed", _start, "a")]);
        var changes = new List<DateTimeOffset> { _start };
        while (state.Features.NextChangeAt(strategy.Features[0], changes[^1]) is { } next)
        {
            changes.Add(next);
        }

        Assert.Equal(days, string.Join(' ', changes.Select(at => (at - _start).TotalDays)));
    }

    [Fact]
    public void Where_an_event_is_declared_otherwise_the_name_is_refused_with_its_words()
    {
        var errors = Compilation("events: { Order Completed: { total: string } }\nfeatures: { a: { use: spend } }").Errors;

        Assert.Equal(
            "strategy.yaml:3:23: error type: features.a.sum: `use: spend` stands for `{ sum: event.total, of: Order Completed }`: `sum` adds numbers, but this is of type string; use `count`, or `distinct`",
            Assert.Single(errors).ToString());
    }

    private static StrategyCompilation Compilation(string yaml) =>
        StrategyCompiler.Compile(new(ImmutableSortedDictionary<string, string>.Empty.Add("strategy.yaml", $"strategy: ready\n{yaml}")), 1);

    private static Strategy Compile(string yaml)
    {
        var (strategy, errors) = Compilation(yaml);
        return strategy ?? throw new InvalidOperationException(string.Join('\n', errors));
    }
}
