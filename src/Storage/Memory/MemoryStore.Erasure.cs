using Decisioning.Engine.Customers;

namespace Decisioning.Storage.Memory;

// Erasure.
public sealed partial class MemoryStore
{
    /// <inheritdoc/>
    public Task<ErasedRows> EraseAsync(CustomerKey customer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (NextFault() is var fault && fault is StoreFault.BeforeCommit or StoreFault.Busy)
            {
                return Task.FromException<ErasedRows>(Failed());
            }

            if (!_customers.Remove(customer.Value, out var rows))
            {
                return fault is null ? Task.FromResult(ErasedRows.None) : Task.FromException<ErasedRows>(Failed());
            }

            _order.Remove(customer);
            var states = (rows.Snapshot is null ? 0 : 1) + (rows.Base is null ? 0 : 1);
            return fault is null
                ? Task.FromResult(new ErasedRows(1, rows.Events.Count, rows.Decisions.Count, states, rows.DueAt is null ? 0 : 1))
                : Task.FromException<ErasedRows>(Failed());
        }
    }
}
