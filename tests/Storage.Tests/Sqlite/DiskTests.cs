using Decisioning.Storage.Sqlite;

namespace Decisioning.Storage.Tests.Sqlite;

/// <summary>A disk that is full, and one that cannot be written.</summary>
public sealed class DiskTests
{
    private readonly Samples _samples = new(seed: 61);

    [Fact]
    public async Task A_full_disk_acknowledges_nothing_says_so_and_service_resumes_when_there_is_room_again()
    {
        using var disk = SmallDisk.Mount(megabytes: 6);
        using var test = new TestStore(Path.Combine(disk.Path, "data")) { Options = { IndexBatch = 64, CacheMegabytes = 1 } };
        var ballast = Path.Combine(disk.Path, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[2_000_000]);
        var (acknowledged, log) = (0L, new CapturedLog());
        using (var store = test.Open(log))
        {
            StorageUnavailableException? failure = null;
            while (failure is null)
            {
                try
                {
                    Assert.Equal(AppendResult.Done, await AppendAsync(store, acknowledged, 20));
                    acknowledged += 20;
                }
                catch (StorageUnavailableException e)
                {
                    failure = e;
                }
            }

            Assert.True(acknowledged > 0);
            Assert.Contains("the disk is full; make room, writing goes on by itself", failure.Message, StringComparison.Ordinal);
            Assert.InRange((await store.LoadAsync(Samples.Customer(), Samples.Start, CancellationToken.None)).Sequence, acknowledged, acknowledged + 20);

            File.Delete(ballast);
            await log.OpenedAgain.WaitAsync(TimeSpan.FromSeconds(30));
            acknowledged = await ResumedAsync(store);
        }

        using (var store = test.Open())
        {
            var history = await store.LoadAsync(Samples.Customer(), Samples.Start, CancellationToken.None);
            Assert.Equal(acknowledged, history.Sequence);
            Assert.Equal(Enumerable.Range(1, (int)acknowledged).Select(i => $"m-61-{i}"), history.Tail.Select(recorded => recorded.Event.MessageId));
        }
    }

    [Fact]
    public async Task A_read_only_disk_is_refused_with_a_sentence_and_left_alone()
    {
        using var disk = SmallDisk.Mount(megabytes: 6);
        using var test = new TestStore(Path.Combine(disk.Path, "data"));
        using (var store = test.Open())
        {
            await AppendAsync(store, 0, 5);
        }

        disk.MakeReadOnly();

        Assert.Contains("is on a read-only disk; make the disk writable or choose another folder", Assert.Throws<StoreRefusedException>(() => test.Open()).Message, StringComparison.Ordinal);
        test.Keep();
    }

    private Task<AppendResult> AppendAsync(SqliteStore store, long after, int count) =>
        store.AppendAsync(Samples.Customer(), after, _samples.Events(after, count), dueAt: null, CancellationToken.None);

    // The caller's way out of an unknown outcome: load, and send again what is not there.
    private async Task<long> ResumedAsync(SqliteStore store)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                var sequence = (await store.LoadAsync(Samples.Customer(), Samples.Start, CancellationToken.None)).Sequence;
                Assert.Equal(AppendResult.Done, await AppendAsync(store, sequence, 1));
                return sequence + 1;
            }
            catch (StorageUnavailableException) when (tries < 1_000_000)
            {
                // The message comes a moment before the writer takes work again.
            }
        }
    }
}
