using System.Collections.Immutable;
using Decisioning.Engine.Access;
using Decisioning.Storage.Codecs;
using Npgsql;

namespace Decisioning.Storage.Postgres;

// The keys of callers, and what was done with authority.
internal sealed partial class PostgresStore
{
    private const string AddKey = $"INSERT INTO access_key ({AccessRows.KeyColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";

    private const string FindKey = $"SELECT {AccessRows.KeyColumns} FROM access_key WHERE id = $1";

    private const string ListKeys = $"SELECT {AccessRows.KeyColumns} FROM access_key WHERE tenant = $1 AND id > $2 ORDER BY id LIMIT $3";

    // The first instant stays.
    private const string RevokeKey = $"""
        UPDATE access_key SET revoked_at = CASE revoked_at WHEN 0 THEN $3 ELSE revoked_at END WHERE tenant = $1 AND id = $2 RETURNING {AccessRows.KeyColumns}
        """;

    private const string CountKeys = "SELECT count(*) FROM access_key WHERE tenant = $1";

    private const string AnyKey = "SELECT EXISTS (SELECT FROM access_key)";

    private const string AddAudit = $"INSERT INTO audit (tenant, {AccessRows.AuditColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";

    private const string ReadAudit = $"SELECT {AccessRows.AuditColumns} FROM audit WHERE tenant = $1 AND number > $2 ORDER BY number LIMIT $3";

    private const string ReadLastAudit = $"SELECT {AccessRows.AuditColumns} FROM audit WHERE tenant = $1 ORDER BY number DESC LIMIT 1";

    /// <summary>Audit rows by others that one may lose against before giving up.</summary>
    private const int AuditTriesMax = 100;

    public async Task<bool> AddKeyAsync(AccessKey key, CancellationToken cancellationToken) =>
        await InsertAsync(AddKey, AccessRows.Write(key), cancellationToken).ConfigureAwait(false);

    public async Task<AccessKey?> FindKeyAsync(string id, CancellationToken cancellationToken) =>
        (await KeysAsync(FindKey, cancellationToken, id).ConfigureAwait(false)).FirstOrDefault();

    public async Task<ImmutableArray<AccessKey>> ListKeysAsync(string tenant, string after, int max, CancellationToken cancellationToken) =>
        [.. await KeysAsync(ListKeys, cancellationToken, tenant, after, (long)max).ConfigureAwait(false)];

    public async Task<AccessKey?> RevokeKeyAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellationToken) =>
        (await KeysAsync(RevokeKey, cancellationToken, tenant, id, Instants.Write(at)).ConfigureAwait(false)).FirstOrDefault();

    public async Task<long> CountKeysAsync(string tenant, CancellationToken cancellationToken) =>
        (await RowsAsync(CountKeys, row => row.GetInt64(0), cancellationToken, tenant).ConfigureAwait(false))[0];

    public async Task<bool> AnyKeyAsync(CancellationToken cancellationToken) =>
        (await RowsAsync(AnyKey, row => row.GetBoolean(0), cancellationToken).ConfigureAwait(false))[0];

    public async Task<AuditEntry> AddAuditAsync(string tenant, AuditRecord record, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < AuditTriesMax; tries++)
        {
            // The key of the table lets one row of a number through; the others look again.
            var last = (await AuditAsync(ReadLastAudit, cancellationToken, tenant).ConfigureAwait(false)).FirstOrDefault();
            var entry = AccessRows.After(tenant, last, record);
            if (await InsertAsync(AddAudit, AccessRows.Write(tenant, entry), cancellationToken).ConfigureAwait(false))
            {
                return entry;
            }
        }

        throw new StorageUnavailableException("the audit row was not written: others write all the time; try again");
    }

    public async Task<ImmutableArray<AuditEntry>> ReadAuditAsync(string tenant, long after, int max, CancellationToken cancellationToken) =>
        [.. await AuditAsync(ReadAudit, cancellationToken, tenant, after, (long)max).ConfigureAwait(false)];

    private Task<List<AccessKey>> KeysAsync(string sql, CancellationToken cancellationToken, params object[] values) =>
        RowsAsync(sql, row => AccessRows.ReadKey(row.GetString, row.GetInt64), cancellationToken, values);

    private Task<List<AuditEntry>> AuditAsync(string sql, CancellationToken cancellationToken, params object[] values) =>
        RowsAsync(sql, row => AccessRows.ReadAudit(row.GetString, row.GetInt64), cancellationToken, values);

    private async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object[] values) =>
        await ReadAsync(connection => RowsAsync(connection, sql, read, cancellationToken, values), cancellationToken).ConfigureAwait(false);

    private async Task<bool> InsertAsync(string sql, object[] values, CancellationToken cancellationToken) =>
        await ReadAsync(
            async connection =>
            {
                await using var insert = connection.Command(sql, values);
                return await insert.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) == 1;
            },
            cancellationToken).ConfigureAwait(false);
}
