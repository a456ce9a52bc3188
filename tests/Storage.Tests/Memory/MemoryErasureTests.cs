using Decisioning.Engine.Customers;
using Decisioning.Storage.Memory;

namespace Decisioning.Storage.Tests.Memory;

public sealed class MemoryErasureTests : ErasureContract
{
    private readonly MemoryStore _store = new();

    protected override ICustomerLog Log => _store;

    protected override IDecisionLog Decisions => _store;

    protected override IDueTable DueTable => _store;

    protected override IRetention Retention => _store;

    protected override IErasure Erasure => _store;

    protected override IKeptRows Kept => _store;

    protected override Task DamageAsync(CustomerKey customer, long sequence)
    {
        _store.Damage(customer, sequence);
        return Task.CompletedTask;
    }
}
