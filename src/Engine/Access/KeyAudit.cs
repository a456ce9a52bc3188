namespace Decisioning.Engine.Access;

/// <summary>What the audit log says of keys, whoever makes them: an engine or the command line on a stopped engine's store.</summary>
public static class KeyAudit
{
    /// <summary>A key that is about to be made.</summary>
    public static AuditRecord Created(AccessKey key, string byName) => new(
        key.CreatedAt,
        key.CreatedBy,
        byName,
        "key.create",
        key.Id,
        $"`{key.Name}`{(key.IsPublic ? ", public" : "")}, scopes {key.Scopes.Text()}{(key.ExpiresAt is { } at ? $", expires {at:u}" : "")}");

    /// <summary>A key that is about to be revoked.</summary>
    public static AuditRecord Revoked(AccessKey key, DateTimeOffset at, string by, string byName) => new(at, by, byName, "key.revoke", key.Id, $"`{key.Name}`");
}
