using System.Collections.Immutable;
using Decisioning.Engine.Access;
using Decisioning.Storage.Codecs;
using Decisioning.Storage.Commits;

namespace Decisioning.Storage.Sqlite;

// The keys of callers, and what was done with authority.
internal sealed partial class SqliteStore
{
    public Task<bool> AddKeyAsync(AccessKey key, CancellationToken cancellationToken) => WriteAsync(new AddKeyWork(key), cancellationToken);

    public async Task<AccessKey?> FindKeyAsync(string id, CancellationToken cancellationToken) =>
        (await ReadAsync(reader => AccessWork.Keys(reader.Prepared(AccessSql.FindKey).Bind(1, id)), cancellationToken).ConfigureAwait(false)).FirstOrDefault();

    public async Task<ImmutableArray<AccessKey>> ListKeysAsync(string tenant, string after, int max, CancellationToken cancellationToken) =>
        [.. await ReadAsync(reader => AccessWork.Keys(reader.Prepared(AccessSql.ListKeys).Bind(1, tenant).Bind(2, after).Bind(3, max)), cancellationToken).ConfigureAwait(false)];

    public Task<AccessKey?> RevokeKeyAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellationToken) =>
        WriteAsync(new RevokeKeyWork(tenant, id, at), cancellationToken);

    public async Task<long> CountKeysAsync(string tenant, CancellationToken cancellationToken) =>
        await ReadAsync(reader => AccessWork.Number(reader.Prepared(AccessSql.CountKeys).Bind(1, tenant)), cancellationToken).ConfigureAwait(false);

    public async Task<bool> AnyKeyAsync(CancellationToken cancellationToken) =>
        await ReadAsync(reader => AccessWork.Number(reader.Prepared(AccessSql.AnyKey)), cancellationToken).ConfigureAwait(false) != 0;

    public Task<AuditEntry> AddAuditAsync(string tenant, AuditRecord record, CancellationToken cancellationToken) =>
        WriteAsync(new AddAuditWork(tenant, record), cancellationToken);

    public async Task<ImmutableArray<AuditEntry>> ReadAuditAsync(string tenant, long after, int max, CancellationToken cancellationToken) =>
        [.. await ReadAsync(reader => AccessWork.Audit(reader.Prepared(AccessSql.ReadAudit).Bind(1, tenant).Bind(2, after).Bind(3, max)), cancellationToken).ConfigureAwait(false)];

    private Task<T> WriteAsync<T>(Work<WriteBatch, T> work, CancellationToken cancellationToken) =>
        _writer.DoAsync(work, "nothing was written: the queue is full; try again", cancellationToken);
}
