using System.Runtime.InteropServices;
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
internal sealed class SpreadWork(DueSpread spread) : Work<WriteBatch, SpreadWork.Step>
{
    // About 2 ms of the writer: the appends that wait meanwhile share the commit.
    private const int CustomersPerStep = 1000;

    private const long AllDone = long.MaxValue;

    public override void Apply(WriteBatch batch)
    {
        var state = batch.Prepared(Sql.ReadSpread).Bind(1, spread.Tenant);
        var (version, doneTo) = state.Step() ? (state.Int(0), state.Int(1)) : (0, 0);
        state.Reset();
        if (version > spread.Version || (version == spread.Version && doneTo == AllDone))
        {
            Result = new(0, IsLast: true);
            return;
        }

        var from = version == spread.Version ? doneTo : 0;
        var to = from + CustomersPerStep;
        var given = batch.Prepared(Sql.SpreadDue)
            .Bind(1, Instants.Write(spread.From)).Bind(2, spread.TicksPerCustomer(batch.LastCustomer))
            .Bind(3, from).Bind(4, to)
            .Bind(5, spread.Tenant + "/").Bind(6, spread.Tenant + "0");
        var count = 0;
        while (given.Step())
        {
            count++;
        }

        // Customers who come later meet the version that is in force by then.
        var isLast = to >= batch.LastCustomer;
        batch.Prepared(Sql.PutSpread).Bind(1, spread.Tenant).Bind(2, spread.Version).Bind(3, isLast ? AllDone : to).Run();
        Result = new(count, isLast);
    }

    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Step(int Given, bool IsLast);
}
