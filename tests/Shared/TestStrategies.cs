namespace Decisioning.Tests.Shared;

/// <summary>Small strategies as authors would write them.</summary>
public static class TestStrategies
{
    /// <summary>A welcome for whoever looked at something, at most once a week per customer.</summary>
    public const string Shop = """
        strategy: shop
        timezone: UTC
        profile:
          plan: string
        events:
          Product Viewed:  { price: double }
          Order Completed: { revenue: double }
        features:
          views:  { count: Product Viewed, within: 7d }
          orders: { count: Order Completed }
          spent:  { sum: event.revenue, of: Order Completed }
        journey:
          find:    { enter: true, exit: stages.conquer.in }
          conquer: { enter: features.views >= 2, exit: features.orders > 0 }
        rules:
          - id: keen
            behaviour: features.views >= 2
            then:
              - tag: { name: keen, expires: 7d }
        contact:
          caps:
            - { outcome: IMPRESSION, of: action, at_most: 1, within: 7d }
        issues:
          sell:
            basics:
              welcome:
                value: 10
                applicable: features.views >= 1
                treatments: [ { channel: web, placement: hero, text: "Welcome" } ]
        """;

    /// <summary>The shop with another action and without a cap.</summary>
    public const string Sale = """
        strategy: shop
        timezone: UTC
        events:
          Product Viewed: { price: double }
        features:
          views: { count: Product Viewed, within: 7d }
        issues:
          sell:
            basics:
              sale:
                value: 20
                treatments: [ { channel: web, placement: hero, text: "Sale" } ]
        """;

    /// <summary>A zone that is not on the map in line 2, a feature that is not declared in line 9.</summary>
    public const string Broken = """
        strategy: shop
        timezone: Nowhere/Land
        events:
          Product Viewed: { price: double }
        features:
          views: { count: Product Viewed, within: 7d }
        rules:
          - id: keen
            behaviour: features.vews >= 2
            then:
              - tag: { name: keen, expires: 7d }
        """;
}
