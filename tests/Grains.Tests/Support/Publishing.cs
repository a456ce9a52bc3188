using Decisioning.Contracts.Messages;

namespace Decisioning.Grains.Tests.Support;

/// <summary>Puts a strategy of one file into the message that publishes it.</summary>
internal static class Publishing
{
    public static PublishStrategy Of(string yaml, string replacesHash = "") => new([new StrategyFile("strategy.yaml", yaml)], replacesHash);
}
