using System.Collections.Concurrent;
using Decisioning.Engine.Customers;
using Decisioning.Storage;

namespace Decisioning.Grains.Tests.Support;

/// <summary>A store's erasures that a test makes fail after they are done, as when the answer is lost.</summary>
internal sealed class GatedErasure(IErasure store) : IErasure
{
    private readonly ConcurrentDictionary<CustomerKey, bool> _lost = [];

    /// <summary>The next answer for a customer is lost.</summary>
    public void LoseAnswer(CustomerKey customer) => _lost[customer] = true;

    /// <inheritdoc/>
    public async Task<ErasedRows> EraseAsync(CustomerKey customer, CancellationToken cancellationToken)
    {
        var erased = await store.EraseAsync(customer, cancellationToken);
        return _lost.TryRemove(customer, out _) ? throw new StorageUnavailableException("the answer is lost") : erased;
    }
}
