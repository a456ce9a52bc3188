namespace Decisioning.Gateway.Tests.Support;

/// <summary>Small strategies as authors would write them.</summary>
internal static class TestStrategies
{
    /// <summary>A welcome for whoever looked at something, at most once a week.</summary>
    public const string Shop = """
        strategy: shop
        timezone: UTC
        events:
          Product Viewed:  { price: double }
          Order Completed: { revenue: double }
        profile:
          plan: string
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
}
