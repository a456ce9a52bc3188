using Decisioning.Storage.Memory;

namespace Decisioning.Storage.Tests.Memory;

public sealed class MemoryRetentionTests : RetentionContract
{
    private readonly MemoryStore _store = new();

    protected override ICustomerLog Log => _store;

    protected override IDecisionLog Decisions => _store;

    protected override IRetention Retention => _store;
}
