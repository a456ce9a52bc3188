using Microsoft.Data.Sqlite;

namespace Decisioning.Storage.Tests.Sqlite;

/// <summary>More is asked than the disk takes: here it takes nothing, because another program holds the database.</summary>
public sealed class OverloadTests : IDisposable
{
    private readonly TestStore _test = new() { Options = { AppendQueueMax = 1, CommitAppendsMax = 1, DecisionQueueMax = 1, AppendWaitMax = TimeSpan.Zero } };

    [Fact]
    public async Task A_full_queue_answers_busy_and_grows_no_further()
    {
        using var store = _test.Open();
        var appends = new List<Task<AppendResult>>();
        using (var intruder = Hold())
        {
            // One may be with the writer and one may wait; the next is turned away.
            while (!appends.Any(append => append is { IsCompletedSuccessfully: true, Result: AppendResult.Busy }))
            {
                Assert.True(appends.Count < 1000, "the queue never filled");
                var more = Enumerable.Range(appends.Count, 100)
                    .Select(i => store.AppendAsync(Samples.Customer(i), 0, new Samples(i).Events(0, 1), null, CancellationToken.None))
                    .ToList();
                appends.AddRange(more);
                await Task.WhenAny(more);
            }
        }

        Assert.All(appends.Where(append => append.IsCompletedSuccessfully && append.Result is AppendResult.Busy), append =>
            Assert.True(((AppendResult.Busy)append.Result).RetryAfter > TimeSpan.Zero));
    }

    [Fact]
    public void Decisions_beyond_the_queue_are_refused_not_kept()
    {
        using var store = _test.Open();
        using var intruder = Hold();
        var samples = new Samples(seed: 1);
        var tries = 0;
        while (store.TryWrite(samples.Decision(Samples.Customer(), $"d{tries}", Samples.Start)))
        {
            Assert.True(++tries < 100_000, "the queue never filled");
        }
    }

    public void Dispose() => _test.Dispose();

    private SqliteConnection Hold()
    {
        var connection = new SqliteConnection($"Data Source={_test.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }
}
