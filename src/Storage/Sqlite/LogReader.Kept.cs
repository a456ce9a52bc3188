using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Storage.Codecs;

namespace Decisioning.Storage.Sqlite;

// Rows that are read one by one, past those that are damaged.
internal sealed partial class LogReader
{
    private const long All = -1;

    /// <summary>The positions that the pages of a log are read backwards from, oldest first, and how many events are on none.</summary>
    public KeptPages FindPages(CustomerHead head, int eventsPerPage)
    {
        var (starts, count) = (new List<long>(), 0L);
        var statement = Prepared(Sql.ReadEventChain).Bind(1, head.LastEvent).Bind(2, head.CustomerId).Bind(3, All);
        while (statement.Step())
        {
            if (count++ % eventsPerPage == 0)
            {
                starts.Add(statement.Int(0));
            }
        }

        starts.Reverse();
        return new([.. starts], Math.Max(0, head.LastSequence - count));
    }

    /// <summary>The events of a page whose contents are kept, in their order.</summary>
    public KeptEvents ReadPage(CustomerHead head, long position, int eventsMax)
    {
        var (events, unreadable) = (ImmutableArray.CreateBuilder<RecordedEvent>(), 0);
        var statement = Prepared(Sql.ReadEventPage).Bind(1, position).Bind(2, head.CustomerId).Bind(3, eventsMax);
        while (statement.Step())
        {
            if (!Damage.TryRead(() => ReadIfKept(head.Key, statement), out var recorded))
            {
                unreadable++;
            }
            else if (recorded is not null)
            {
                events.Add(recorded);
            }
        }

        events.Reverse();
        return new(events.ToImmutable(), unreadable);
    }

    /// <summary>Decisions from a position backwards.</summary>
    public KeptDecisions ReadDecisionPage(CustomerHead head, long position, int decisionsMax)
    {
        var (decisions, unreadable, next) = (ImmutableArray.CreateBuilder<DecisionRecord>(), 0, 0L);
        _ = CustomerKey.TryParse(head.Key, out var customer);
        var statement = Prepared(Sql.ReadDecisionPage).Bind(1, position).Bind(2, head.CustomerId).Bind(3, decisionsMax);
        while (statement.Step())
        {
            var before = statement.Int(1);
            if (before >= statement.Int(0))
            {
                // Whichever came before it cannot be found.
                (before, unreadable) = (0, unreadable + 1);
            }

            next = before;
            if (Damage.TryRead(() => ReadDecision((payload, isSealed) => DecisionCodec.Read(customer, payload, isSealed), statement), out var record))
            {
                decisions.Add(record!);
            }
            else
            {
                unreadable++;
            }
        }

        return new(decisions.ToImmutable(), unreadable, next);
    }

    /// <summary>The newest state that can be read, and how many cannot.</summary>
    public KeptStates ReadStates(CustomerHead head)
    {
        var snapshot = ReadSnapshot(head, out var problem);
        var isBaseRead = Damage.TryRead(() => ReadBase(head), out var start);
        return new(snapshot ?? start, (problem.Length > 0 ? 1 : 0) + (isBaseRead ? 0 : 1));
    }

    private RecordedEvent? ReadIfKept(string customer, Statement page)
    {
        var recorded = EventCodec.ReadIfKept(customer, page.Blob(2), page.Int(0) > Unsealed.Event, out var sequence);
        return sequence == page.Int(1) ? recorded : throw new InvalidDataException($"the event {page.Int(1)} holds another one, {sequence}");
    }
}
