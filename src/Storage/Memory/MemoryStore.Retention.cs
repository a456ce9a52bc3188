using Decisioning.Engine.Customers;

namespace Decisioning.Storage.Memory;

// Retention: pieces of the log are customers, one after another.
public sealed partial class MemoryStore
{
    /// <inheritdoc/>
    public Task<IAsyncDisposable?> TryTakeTurnAsync(CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable?>(new NoTurn());

    /// <inheritdoc/>
    public Task<RetentionPage> FindDueAsync(RetentionCutoffs cutoffs, string? cursor, int rowsMax, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var from = cursor is null ? 0 : int.Parse(cursor);
            var due = _order.Skip(from).Take(rowsMax).Where(key => FirstKept(_customers[key.Value]) is { } first && first.Event.ReceivedAt < cutoffs.Of(key.Tenant));
            return Task.FromResult(new RetentionPage([.. due], from + rowsMax < _order.Count ? $"{from + rowsMax}" : null));
        }
    }

    /// <inheritdoc/>
    public Task<long> ReduceAsync(CustomerKey customer, CustomerState state, long upTo, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var rows = _customers.GetValueOrDefault(customer.Value);
            if (rows?.Snapshot is not { } snapshot || snapshot.Sequence < state.Sequence || state.Sequence < upTo)
            {
                throw new ArgumentException($"the state of customer `{customer.Mark}` at sequence {state.Sequence} must be at {upTo} or after it and not after the newest snapshot", nameof(state));
            }

            var reduced = 0L;
            for (var i = 0; i < upTo; i++)
            {
                if (rows.Events[i] is not null)
                {
                    rows.Events[i] = null;
                    rows.Base = rows.Base is { } kept && kept.Sequence > state.Sequence ? kept : state;
                    reduced++;
                }
            }

            return Task.FromResult(reduced);
        }
    }

    /// <inheritdoc/>
    public Task<RetentionStep> DeleteDecisionsAsync(
        DateTimeOffset decidedBefore, DateTimeOffset now, string? cursor, int rowsMax, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var from = cursor is null ? 0 : int.Parse(cursor);
            var removed = 0;
            foreach (var decisions in _order.Skip(from).Take(rowsMax).Select(key => _customers[key.Value].Decisions))
            {
                var gone = decisions.TakeWhile(record => record.Decision.DecidedAt < decidedBefore && !(record.OpenUntil > now)).Count();
                decisions.RemoveRange(0, gone);
                removed += gone;
            }

            return Task.FromResult(new RetentionStep(removed, from + rowsMax < _order.Count ? $"{from + rowsMax}" : null));
        }
    }

    private static RecordedEvent? FirstKept(CustomerRows rows) => rows.Events.Find(recorded => recorded is not null);

    private sealed class NoTurn : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
