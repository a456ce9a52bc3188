using Decisioning.Storage.Codecs;

namespace Decisioning.Storage.Sqlite;

/// <summary>The statements about keys and audit rows.</summary>
internal static class AccessSql
{
    public const string AddKey = $"INSERT INTO access_key ({AccessRows.KeyColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1";

    public const string FindKey = $"SELECT {AccessRows.KeyColumns} FROM access_key WHERE id = ?";

    public const string ListKeys = $"SELECT {AccessRows.KeyColumns} FROM access_key WHERE tenant = ? AND id > ? ORDER BY id LIMIT ?";

    public const string RevokeKey = "UPDATE access_key SET revoked_at = ?3 WHERE tenant = ?1 AND id = ?2 AND revoked_at = 0";

    public const string FindKeyOfTenant = $"SELECT {AccessRows.KeyColumns} FROM access_key WHERE tenant = ? AND id = ?";

    public const string CountKeys = "SELECT count(*) FROM access_key WHERE tenant = ?";

    public const string AnyKey = "SELECT EXISTS (SELECT 1 FROM access_key)";

    public const string AddAudit = $"INSERT INTO audit (tenant, {AccessRows.AuditColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

    public const string ReadAudit = $"SELECT {AccessRows.AuditColumns} FROM audit WHERE tenant = ? AND number > ? ORDER BY number LIMIT ?";

    public const string ReadLastAudit = $"SELECT {AccessRows.AuditColumns} FROM audit WHERE tenant = ? ORDER BY number DESC LIMIT 1";
}
