using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Decisioning.LoadTests.Stateless;

/// <summary>An event with its place in the customer's log.</summary>
internal sealed record LoggedEvent(string Customer, long Version, string MessageId, byte[] Body);

/// <summary>A decision as it is kept.</summary>
internal sealed record LoggedDecision(string Id, string Customer, DateTimeOffset At, string Actions);

/// <summary>
/// Profiles, events and decisions in PostgreSQL, which is what holds. The keys of the log keep two writers of a customer apart: the later
/// of the two fails and begins again.
/// </summary>
internal sealed class ServiceDatabase : IAsyncDisposable
{
    // All its queries are by key; on tables that were empty a moment ago the planner would rather read them whole.
    private const string Settings = ";Max Auto Prepare=20;Auto Prepare Min Usages=2;No Reset On Close=true;Options='-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off'";

    private readonly NpgsqlDataSource _source;

    /// <param name="connectionString">How to reach it.</param>
    /// <param name="connections">Connections at most.</param>
    public ServiceDatabase(string connectionString, int connections) => _source = NpgsqlDataSource.Create($"{connectionString};Maximum Pool Size={connections}{Settings}");

    /// <summary>Makes the tables where they are not there.</summary>
    public async Task MigrateAsync()
    {
        await using var command = _source.CreateCommand("""
            create table if not exists profiles (customer text primary key, version bigint not null, doc jsonb not null) with (fillfactor = 70);
            create table if not exists events (customer text, version bigint, message_id text not null, body bytea not null, primary key (customer, version), unique (customer, message_id));
            create table if not exists decisions (id text primary key, customer text not null, at timestamptz not null, actions jsonb not null);
            create index if not exists decisions_by_customer on decisions (customer, at);
            """);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The profiles of customers, as they were written, and the events of these that are in the log already, with their versions.</summary>
    public async Task<(Dictionary<string, byte[]> Profiles, Dictionary<(string Customer, string MessageId), long> Known)> ReadAsync(string[] customers, string[] customersOfEvents, string[] messageIds)
    {
        await using var batch = _source.CreateBatch();
        batch.BatchCommands.Add(new("select customer, doc from profiles where customer = any($1)") { Parameters = { Texts(customers) } });
        batch.BatchCommands.Add(new("""
            select e.customer, e.message_id, e.version from unnest($1, $2) as told (customer, message_id)
            join events e on e.customer = told.customer and e.message_id = told.message_id
            """) { Parameters = { Texts(customersOfEvents), Texts(messageIds) } });
        await using var reader = await batch.ExecuteReaderAsync();
        Dictionary<string, byte[]> profiles = new(StringComparer.Ordinal);
        while (await reader.ReadAsync())
        {
            profiles.Add(reader.GetString(0), Encoding.UTF8.GetBytes(reader.GetString(1)));
        }

        await reader.NextResultAsync();
        Dictionary<(string, string), long> known = [];
        while (await reader.ReadAsync())
        {
            known[(reader.GetString(0), reader.GetString(1))] = reader.GetInt64(2);
        }

        return (profiles, known);
    }

    /// <summary>Writes events and the profiles they make, all or nothing, in one round trip; answers when it is on the disk.</summary>
    /// <exception cref="PostgresException">Another writer was faster: a unique key is taken.</exception>
    public async Task WriteAsync(IReadOnlyList<LoggedEvent> events, IReadOnlyList<(string Customer, long Version, byte[] Doc)> profiles)
    {
        await using var batch = _source.CreateBatch();
        batch.BatchCommands.Add(new("insert into events (customer, version, message_id, body) select * from unnest($1, $2, $3, $4)")
        {
            Parameters =
            {
                Texts([.. events.Select(e => e.Customer)]),
                new() { Value = events.Select(e => e.Version).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                Texts([.. events.Select(e => e.MessageId)]),
                new() { Value = events.Select(e => e.Body).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
            },
        });
        batch.BatchCommands.Add(new("""
            insert into profiles (customer, version, doc) select * from unnest($1, $2, $3)
            on conflict (customer) do update set version = excluded.version, doc = excluded.doc
            """)
        {
            Parameters =
            {
                Texts([.. profiles.Select(profile => profile.Customer)]),
                new() { Value = profiles.Select(profile => profile.Version).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                new() { Value = profiles.Select(profile => Encoding.UTF8.GetString(profile.Doc)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
            },
        });
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>What is known of a customer whom Redis does not have: the profile, null for none, and what was offered since an instant.</summary>
    public async Task<(byte[]? Profile, ContactCounts Contacts)> ReadAsync(string customer, DateTimeOffset since)
    {
        await using var batch = _source.CreateBatch();
        batch.BatchCommands.Add(new("select doc from profiles where customer = $1") { Parameters = { new() { Value = customer } } });
        batch.BatchCommands.Add(new("""
            select floor(extract(epoch from d.at) / 86400)::int as day, action, count(*)::int
            from decisions d, jsonb_array_elements_text(d.actions) as action
            where d.customer = $1 and d.at >= $2 group by day, action
            """) { Parameters = { new() { Value = customer }, new() { Value = since.UtcDateTime } } });
        await using var reader = await batch.ExecuteReaderAsync();
        var profile = await reader.ReadAsync() ? Encoding.UTF8.GetBytes(reader.GetString(0)) : null;
        await reader.NextResultAsync();
        var contacts = new ContactCounts();
        while (await reader.ReadAsync())
        {
            contacts.Add(reader.GetInt32(0), reader.GetString(1), reader.GetInt32(2));
        }

        return (profile, contacts);
    }

    /// <summary>Writes decisions.</summary>
    public async Task WriteAsync(IReadOnlyList<LoggedDecision> decisions)
    {
        await using var command = _source.CreateCommand("insert into decisions (id, customer, at, actions) select * from unnest($1, $2, $3, $4)");
        command.Parameters.Add(Texts([.. decisions.Select(decision => decision.Id)]));
        command.Parameters.Add(Texts([.. decisions.Select(decision => decision.Customer)]));
        command.Parameters.Add(new() { Value = decisions.Select(decision => decision.At.UtcDateTime).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = decisions.Select(decision => decision.Actions).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb });
        await command.ExecuteNonQueryAsync();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static NpgsqlParameter Texts(string[] texts) => new() { Value = texts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
