using Decisioning.Storage.Sqlite;

namespace Decisioning.Storage.Tests.Sqlite;

public sealed class SqliteDueTableTests : DueTableContract, IDisposable
{
    private readonly TestStore _test = new();
    private readonly SqliteStore _store;

    public SqliteDueTableTests() => _store = _test.Open();

    protected override ICustomerLog Log => _store;

    protected override IDueTable Due => _store;

    [Fact]
    public async Task Rows_are_there_after_the_store_was_opened_again_and_a_spread_that_was_done_stays_done()
    {
        using var test = new TestStore();
        var spread = new DueSpread("default", 1, Samples.Start, TimeSpan.FromHours(1), TimeSpan.FromMilliseconds(2));
        using (var store = test.Open())
        {
            await store.AppendAsync(Samples.Customer(1), 0, new Samples(1).Events(0, 1), Samples.Start.AddDays(-1), CancellationToken.None);
            await store.SpreadAsync(spread, CancellationToken.None);
        }

        using var reopened = test.Open();
        var due = Assert.Single(await reopened.DueAsync(0, null, Samples.Start, 10, CancellationToken.None));
        Assert.Equal((Samples.Customer(1), Samples.Start.AddDays(-1)), (due.Customer, due.DueAt));
        Assert.Equal(0, await reopened.SpreadAsync(spread, CancellationToken.None));
    }

    public void Dispose()
    {
        _store.Dispose();
        _test.Dispose();
    }
}
