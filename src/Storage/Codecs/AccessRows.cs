using System.Collections.Immutable;
using Decisioning.Engine.Access;
using Decisioning.Storage.Postgres;

namespace Decisioning.Storage.Codecs;

/// <summary>Keys and audit rows to and from the columns that both databases have for them: texts and whole numbers.</summary>
internal static class AccessRows
{
    public const string KeyColumns = "id, tenant, name, scopes, secret_hash, created_at, created_by, is_public, origins, expires_at, revoked_at";

    public const string AuditColumns = "number, at, actor, actor_name, action, subject, details, hash";

    public static object[] Write(AccessKey key) =>
    [
        key.Id,
        key.Tenant,
        StoredKey.Write(key.Name),
        (long)key.Scopes,
        key.SecretHash,
        Instants.Write(key.CreatedAt),
        StoredKey.Write(key.CreatedBy),
        key.IsPublic ? 1L : 0L,
        string.Join('\n', key.Origins),
        WriteInstant(key.ExpiresAt),
        WriteInstant(key.RevokedAt),
    ];

    public static AccessKey ReadKey(Func<int, string> text, Func<int, long> number) => new(
        text(0), text(1), StoredKey.Read(text(2)), (AccessScope)number(3), text(4), Instants.Read(number(5)), StoredKey.Read(text(6)))
    {
        IsPublic = number(7) != 0,
        Origins = [.. text(8).Split('\n', StringSplitOptions.RemoveEmptyEntries)],
        ExpiresAt = ReadInstant(number(9)),
        RevokedAt = ReadInstant(number(10)),
    };

    public static object[] Write(string tenant, AuditEntry entry) =>
    [
        tenant,
        entry.Number,
        Instants.Write(entry.Record.At),
        StoredKey.Write(entry.Record.Actor),
        StoredKey.Write(entry.Record.ActorName),
        StoredKey.Write(entry.Record.Action),
        StoredKey.Write(entry.Record.Subject),
        StoredKey.Write(entry.Record.Details),
        entry.Hash,
    ];

    public static AuditEntry ReadAudit(Func<int, string> text, Func<int, long> number) => new(
        number(0),
        new(Instants.Read(number(1)), StoredKey.Read(text(2)), StoredKey.Read(text(3)), StoredKey.Read(text(4)), StoredKey.Read(text(5)), StoredKey.Read(text(6))),
        text(7));

    public static AuditEntry After(string tenant, AuditEntry? last, AuditRecord record) =>
        AuditEntry.After(tenant, (last?.Number ?? 0) + 1, record, last?.Hash ?? AuditEntry.Start);

    // No key expires at the first instant of 1970.
    private static long WriteInstant(DateTimeOffset? instant) => instant is { } at ? Instants.Write(at) : 0;

    private static DateTimeOffset? ReadInstant(long ticks) => ticks == 0 ? null : Instants.Read(ticks);
}
