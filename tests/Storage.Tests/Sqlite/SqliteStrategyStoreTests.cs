using Decisioning.Storage.Sqlite;

namespace Decisioning.Storage.Tests.Sqlite;

public sealed class SqliteStrategyStoreTests : StrategyStoreContract, IDisposable
{
    private readonly TestStore _test = new();
    private readonly SqliteStore _store;

    public SqliteStrategyStoreTests() => _store = _test.Open();

    protected override IStrategyStore Strategies => _store;

    public void Dispose()
    {
        _store.Dispose();
        _test.Dispose();
    }
}
