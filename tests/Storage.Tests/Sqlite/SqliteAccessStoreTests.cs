using Decisioning.Storage.Sqlite;

namespace Decisioning.Storage.Tests.Sqlite;

public sealed class SqliteAccessStoreTests : AccessStoreContract, IDisposable
{
    private readonly TestStore _test = new();
    private readonly SqliteStore _store;

    public SqliteAccessStoreTests() => _store = _test.Open();

    protected override IKeyStore Keys => _store;

    protected override IAuditLog Audit => _store;

    public void Dispose()
    {
        _store.Dispose();
        _test.Dispose();
    }
}
