namespace Decisioning.Silo.Tests;

/// <summary>Small strategies as authors would write them.</summary>
internal static class TestStrategies
{
    public const string Shop = """
        strategy: shop
        timezone: UTC
        events:
          Product Viewed: { price: double }
        features:
          views: { count: Product Viewed, within: 7d }
        issues:
          sell:
            basics:
              welcome:
                value: 10
                applicable: features.views >= 1
                treatments: [ { channel: web, placement: hero, text: "Welcome" } ]
        """;

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
