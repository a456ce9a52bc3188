using Decisioning.Engine.Customers;
using Decisioning.Storage.Codecs;
using Decisioning.Storage.Maintenance;
using Google.Protobuf;
using Microsoft.Data.Sqlite;

namespace Decisioning.Storage.Sqlite;

/// <summary>Reads all of a database that nobody writes: its pages, and the seal of every event.</summary>
internal static class StoreCheck
{
    /// <param name="file">The database.</param>
    /// <param name="schema">The version of its schema.</param>
    /// <exception cref="StoreRefusedException">It is damaged, or holds less than it says.</exception>
    public static StoreBackup Read(string file, int schema)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "PRAGMA integrity_check(1)";
            if (command.ExecuteScalar() is var said && said as string != "ok")
            {
                throw new StoreRefusedException($"the copy `{file}` is damaged: {said}");
            }
        }

        using var reader = new LogReader(connection);
        var (customers, events) = (0L, 0L);
        var unsealed = reader.Prepared(Sql.ReadUnsealed);
        unsealed.Step();
        var sealedAfter = unsealed.Int(0);
        unsealed.Reset();
        var rows = reader.Prepared("SELECT count(*) FROM customer");
        rows.Step();
        customers = rows.Int(0);
        rows.Reset();
        for (rows = reader.Prepared("SELECT position, customer_id, payload FROM event"); rows.Step(); events++)
        {
            var key = reader.FindKey(rows.Int(1))?.Value ?? "";
            if (key == CustomerHead.NoKey)
            {
                // A row that is about to be erased: what it holds belongs to nobody.
                continue;
            }

            try
            {
                EventCodec.ReadKnown(key, rows.Blob(2), rows.Int(0) > sealedAfter);
            }
            catch (Exception e) when (e is InvalidDataException or InvalidProtocolBufferException)
            {
                throw new StoreRefusedException($"the event at position {rows.Int(0)}, of customer `{CustomerKey.MarkOf(key)}`, is damaged in the store already: {e.Message}", e);
            }
        }

        foreach (var (name, count) in SqliteMaintenance.CountsOf(connection, schema))
        {
            if ((name == "customers" && customers < count) || (name == "events" && events < count))
            {
                throw new StoreRefusedException($"the copy `{file}` holds {customers} customers and {events} events, but {count} {name} were written; copy again");
            }
        }

        return new(file, new FileInfo(file).Length, customers, events);
    }
}
