namespace Decisioning.Grains.Tests.Support;

/// <summary>Strategies in which things happen when nothing happens.</summary>
internal static class TimedStrategies
{
    /// <summary>Who does not come for two hours is missed, for a day; who stays in a stage for a day without ordering is moved on.</summary>
    public const string Absence = """
        strategy: absence
        timezone: UTC
        events:
          Visit: {}
          Order: {}
        features:
          visits: { count: Visit }
          last:   { last: Visit }
          orders: { count: Order }
        journey:
          here: { enter: features.visits > 0, exit: features.orders > 0, timeout: { after: 1d, to: gone } }
          gone: { enter: features.orders > 1000 }
        rules:
          - id: miss
            behaviour: features.last != null && now - features.last > duration("2h")
            then:
              - tag: { name: missed, expires: 1d }
        """;

    /// <summary>The same without anything that time alone changes.</summary>
    public const string Still = """
        strategy: absence
        timezone: UTC
        events:
          Visit: {}
          Order: {}
        features:
          visits: { count: Visit }
          last:   { last: Visit }
        """;
}
