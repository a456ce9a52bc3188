using Decisioning.Storage.Memory;

namespace Decisioning.Storage.Tests.Memory;

public sealed class MemoryStrategyStoreTests : StrategyStoreContract
{
    protected override IStrategyStore Strategies { get; } = new MemoryStore();
}
