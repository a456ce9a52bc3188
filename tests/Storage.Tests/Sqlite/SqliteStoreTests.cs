using Decisioning.Storage.Sqlite;

namespace Decisioning.Storage.Tests.Sqlite;

public sealed class SqliteStoreTests : CustomerLogContract, IDisposable
{
    private readonly TestStore _test = new();
    private readonly SqliteStore _store;

    public SqliteStoreTests() => _store = _test.Open();

    protected override ICustomerLog Log => _store;

    protected override IDecisionLog Decisions => _store;

    public void Dispose()
    {
        _store.Dispose();
        _test.Dispose();
    }
}

/// <summary>The same with an index batch so small that the index is written all the time.</summary>
public sealed class SqliteStoreWithBusyIndexTests : CustomerLogContract, IDisposable
{
    private readonly TestStore _test = new();
    private readonly SqliteStore _store;

    public SqliteStoreWithBusyIndexTests()
    {
        _test.Options.IndexBatch = 16;
        _store = _test.Open();
    }

    protected override ICustomerLog Log => _store;

    protected override IDecisionLog Decisions => _store;

    public void Dispose()
    {
        _store.Dispose();
        _test.Dispose();
    }
}
