using Decisioning.Engine.Customers;
using Decisioning.Storage.Codecs;
using Decisioning.Storage.Commits;

namespace Decisioning.Storage.Sqlite;

/// <summary>A due row to move or to remove if it stands where it was seen. Answers whether the customer's log ends where it should.</summary>
internal sealed class SettleWork(CustomerKey customer, long sequence, DateTimeOffset seen, DateTimeOffset? next) : Work<WriteBatch, bool>
{
    public override void Apply(WriteBatch batch)
    {
        if (batch.FindHead(customer.Value) is not { } head || head.LastSequence != sequence)
        {
            return;
        }

        var statement = batch.Prepared(next is null ? Sql.RemoveDue : Sql.MoveDue).Bind(1, head.CustomerId).Bind(2, Instants.Write(seen));
        (next is { } instant ? statement.Bind(3, Instants.Write(instant)) : statement).Run();
        Result = true;
    }
}

/// <summary>One step of giving a tenant's customers an instant each. Answers how many it gave and whether that was all.</summary>
internal sealed class SpreadWork(DueSpread spread) : Work<WriteBatch, (int Given, bool IsLast)>
{
    public override void Apply(WriteBatch batch)
    {
        var state = batch.Prepared(Sql.ReadSpread).Bind(1, spread.Tenant);
        var (version, doneTo) = state.Step() ? (state.Int(0), state.Int(1)) : (0, 0);
        state.Reset();
        if (SpreadStep.After(spread, version, doneTo) is not { } step)
        {
            Result = (0, true);
            return;
        }

        var (last, (first, end)) = (batch.LastCustomer, TenantKeys.Of(spread.Tenant));
        var given = batch.Prepared(Sql.SpreadDue)
            .Bind(1, Instants.Write(spread.From)).Bind(2, spread.TicksPerCustomer(last))
            .Bind(3, step.From).Bind(4, step.To)
            .Bind(5, first).Bind(6, end);
        var count = 0;
        while (given.Step())
        {
            count++;
        }

        batch.Prepared(Sql.PutSpread).Bind(1, spread.Tenant).Bind(2, spread.Version).Bind(3, step.DoneTo(last)).Run();
        Result = (count, step.IsLast(last));
    }
}
