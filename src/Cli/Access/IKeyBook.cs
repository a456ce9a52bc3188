using System.Collections.Immutable;
using Decisioning.Engine.Access;

namespace Decisioning.Cli.Access;

/// <summary>The keys and the audit log of a tenant, of a running engine or of a store without one.</summary>
internal interface IKeyBook
{
    /// <summary>Makes a key; the instant and the hash in <paramref name="wanted"/> are replaced.</summary>
    /// <returns>The key and its text.</returns>
    /// <exception cref="KeyRefusedException">It would not do.</exception>
    Task<(AccessKey Key, string Text)> CreateAsync(AccessKey wanted, CancellationToken cancellationToken);

    /// <summary>All keys.</summary>
    IAsyncEnumerable<AccessKey> ListAsync(CancellationToken cancellationToken);

    /// <summary>Revokes a key; null when there is none with the id.</summary>
    Task<AccessKey?> RevokeAsync(string id, CancellationToken cancellationToken);

    /// <summary>A page of the audit log, and whose it is.</summary>
    Task<(string Tenant, ImmutableArray<AuditEntry> Rows)> AuditAsync(long after, CancellationToken cancellationToken);
}

/// <summary>A key that was asked for would not do; the message says why, with the cure.</summary>
internal sealed class KeyRefusedException(string message) : Exception(message);
