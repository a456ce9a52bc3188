using Decisioning.Storage.Postgres;
using Decisioning.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Decisioning.Storage.Maintenance;

/// <summary>A store whose keys are managed without an engine. The embedded one is held until it is disposed, so that no engine has it.</summary>
public sealed class OpenStore : IAsyncDisposable
{
    private readonly IStore _store;
    private readonly StorageMeter _meter = new(null);

    /// <summary>Opens a store, makes it when missing, and brings its schema forward.</summary>
    /// <exception cref="StoreRefusedException">It cannot be used, or an engine has the embedded one.</exception>
    public OpenStore(StorageOptions options)
    {
        if (new StorageOptionsValidator().Validate(null, options) is { Failed: true } wrong)
        {
            throw new StoreRefusedException(wrong.FailureMessage);
        }

        _store = options.Kind == StorageKind.Postgres
            ? new PostgresStore(Options.Create(options), _meter, NullLogger<PostgresStore>.Instance)
            : new SqliteStore(Options.Create(options), _meter, NullLogger<SqliteStore>.Instance);
    }

    /// <summary>Its keys.</summary>
    public IKeyStore Keys => _store;

    /// <summary>Its audit log.</summary>
    public IAuditLog Audit => _store;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
