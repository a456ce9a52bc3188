using Npgsql;
using NpgsqlTypes;

namespace Decisioning.Storage.Postgres;

// The numbers of customers: remembered, asked for, given, and learnt again after an erasure.
internal sealed partial class PostgresCommit
{
    // Customers that the server told of for this batch, not known to be on the disk yet.
    private readonly List<(string Key, KnownCustomer Customer)> _told = [];

    // Erasures up to here are known of where the batch's numbers were learnt.
    private long _generation;

    /// <summary>
    /// Finds each customer's number; who is decided for, or appended to as a new one, gets one if there is none. Not so for a decision of before an
    /// erasure: its customer may be the one who was erased, as is who was known by a key before the row that has it now. A decision that is lost is the lesser evil.
    /// </summary>
    public void NumberCustomers(PostgresBatch batch, List<PostgresDecision> decisions)
    {
        _told.Clear();
        _generation = customers.Generation;
        try
        {
            Number(batch, decisions);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DivisionByZero)
        {
            NumberAgainIfErased(batch, new PostgresBatch(), decisions);
        }

        decisions.RemoveAll(static decision => decision.IsOfNobody);
    }

    /// <summary>
    /// Learns the numbers again when customers were erased since they were learnt. What was decided for a customer, or kept of one,
    /// that is not there any more goes with it.
    /// </summary>
    private bool NumberAgainIfErased(PostgresBatch batch, PostgresBatch others, List<PostgresDecision> decisions)
    {
        var known = customers.Generation;
        var generation = connection.Number(PostgresSql.ReadGeneration);
        if (generation == _generation)
        {
            return false;
        }

        customers.Clear(generation, known);
        _told.Clear();
        _generation = generation;
        FindAgain(decisions, static _ => { });
        decisions.RemoveAll(static decision => decision.IsOfNobody);
        foreach (var some in new[] { batch, others })
        {
            FindAgain(some.Snapshots, static snapshot => snapshot.Kept());
            FindAgain(some.Settles, static _ => { });
            some.Appends.ForEach(static append => append.Known = null);
            Number(some, []);
        }

        return true;
    }

    private void FindAgain<T>(List<T> pieces, Action<T> gone)
        where T : IOfCustomer
    {
        long?[] before = [.. pieces.Select(static piece => piece.Known?.Number)];
        var sought = new Dictionary<string, KnownCustomer?>(StringComparer.Ordinal);
        pieces.ForEach(static piece => piece.Known = null);
        Recall(pieces, _ => sought);
        FindCustomers(sought);
        Assign(pieces, sought);
        var index = 0;
        pieces.RemoveAll(piece =>
        {
            var isGone = before[index++] is { } number && piece.Known?.Number != number;
            if (isGone)
            {
                gone(piece);
            }

            return isGone;
        });
    }

    private void Number(PostgresBatch batch, List<PostgresDecision> decisions)
    {
        var added = new Dictionary<string, KnownCustomer?>(StringComparer.Ordinal);
        var sought = new Dictionary<string, KnownCustomer?>(StringComparer.Ordinal);
        Recall(batch.Appends, append => append.ExpectedSequence == 0 ? added : sought);
        Recall(decisions, decision => decision.Generation == _generation ? added : sought);
        Recall(batch.Snapshots, _ => sought);
        Recall(batch.Settles, _ => sought);
        AddCustomers(added, isFenced: decisions.Exists(static decision => decision.Known is null));
        Assign(batch.Appends, added);
        Assign(decisions, added);
        FindCustomers(sought);
        Assign(decisions, sought);
        Assign(batch.Appends, sought);
        Assign(batch.Snapshots, sought);
        Assign(batch.Settles, sought);
        batch.Appends.RemoveAll(static append =>
        {
            // It goes on after events of a customer who is not there.
            if (append.Known is null)
            {
                append.Conflicts(0);
            }

            return append.Known is null;
        });
    }

    // Events were written: this commit waited for the disk, and what was told before it is there too.
    private void KeepCustomers()
    {
        foreach (var (key, customer) in _told)
        {
            customers.Keep(key, customer, _generation);
        }

        _told.Clear();
    }

    private void Recall<T>(List<T> pieces, Func<T, Dictionary<string, KnownCustomer?>> unknown)
        where T : IOfCustomer
    {
        foreach (var piece in pieces)
        {
            piece.Known ??= customers.Find(piece.Key);
            if (piece.Known is null)
            {
                unknown(piece).TryAdd(piece.Key, null);
            }
        }
    }

    private static void Assign<T>(List<T> pieces, Dictionary<string, KnownCustomer?> found)
        where T : IOfCustomer
    {
        foreach (var piece in pieces)
        {
            piece.Known ??= found.GetValueOrDefault(piece.Key);
        }
    }

    // These rows need not wait for the disk: the commit that uses them comes later in the same log, and waits. Until then the
    // numbers are this batch's alone.
    private void AddCustomers(Dictionary<string, KnownCustomer?> added, bool isFenced)
    {
        for (var tries = 1; added.ContainsValue(null); tries++)
        {
            string[] keys = [.. added.Where(static customer => customer.Value is null).Select(static customer => customer.Key)];
            try
            {
                foreach (var (number, born, key) in AddNew(keys, isFenced))
                {
                    added[key] = Told(key, number, born);
                }

                // Those who are there already; who was erased just now is added after all.
                FindCustomers(added);
            }
            catch (PostgresException e) when (tries < TriesMax && (IsBystander(e) || e.SqlState == PostgresErrorCodes.UniqueViolation))
            {
                // Another process met the same customers; it is done now.
            }
        }
    }

    private List<(long Number, long Born, string Key)> AddNew(string[] keys, bool isFenced)
    {
        using var commands = new NpgsqlBatch(connection);
        Add(commands, PostgresSql.NoSync);
        if (isFenced)
        {
            Add(commands, PostgresSql.HoldErasures);
            Add(commands, PostgresSql.RequireGeneration, Long(_generation));
        }

        var before = commands.BatchCommands.Count;
        Add(commands, PostgresSql.AddCustomers, Of(keys, NpgsqlDbType.Text));
        using var reader = commands.ExecuteReader();
        for (; before > 0; before--)
        {
            reader.NextResult();
        }

        var rows = new List<(long Number, long Born, string Key)>(keys.Length);
        while (reader.Read())
        {
            rows.Add((reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2)));
        }

        // Numbers are good only once they are committed, which the end of the results says.
        reader.NextResult();
        return rows;
    }

    private KnownCustomer Told(string key, long number, long born)
    {
        var customer = new KnownCustomer(number, born);
        _told.Add((key, customer));
        return customer;
    }

    private void FindCustomers(Dictionary<string, KnownCustomer?> sought)
    {
        string[] keys = [.. sought.Where(static customer => customer.Value is null).Select(static customer => customer.Key)];
        if (keys.Length == 0)
        {
            return;
        }

        using var commands = new NpgsqlBatch(connection);
        Add(commands, PostgresSql.FindCustomers, Of(keys, NpgsqlDbType.Text));
        using var reader = commands.ExecuteReader();
        foreach (var key in keys)
        {
            reader.Read();
            sought[key] = reader.IsDBNull(0) ? null : Told(key, reader.GetInt64(0), reader.GetInt64(1));
        }
    }
}
