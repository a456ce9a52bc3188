using Decisioning.Engine.Customers;
using Decisioning.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Decisioning.Storage.Tests.Sqlite;

/// <summary>
/// A process that appends for ever and says, one line each, what was acknowledged: <c>CUSTOMER SEQUENCE</c>. When an append
/// fails it says <c>failed REASON</c> and ends.
/// </summary>
internal static class CrashChild
{
    public const string Mode = "crash-child";
    public const int Customers = 6;

    public static int Run(string folder, int seed)
    {
        var options = new StorageOptions { DataFolder = folder, IndexBatch = 64, CacheMegabytes = 1 };
        using var store = new SqliteStore(Options.Create(options), new StorageMeter(null), NullLogger<SqliteStore>.Instance);
        using var stream = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var output = TextWriter.Synchronized(stream);
        var writers = Enumerable.Range(0, Customers).Select(customer => Task.Run(() => AppendAsync(store, customer, seed, output))).ToArray();
        Task.WaitAny(writers);
        return 0;
    }

    /// <summary>The message id of an event: what a client would send again.</summary>
    public static string MessageId(int customer, long sequence) => $"{customer}-{sequence}";

    /// <summary>Where the due row stands with a customer's last event: it is written with it or not at all.</summary>
    public static DateTimeOffset DueAt(long sequence) => Samples.Start.AddMinutes(sequence % 7 == 0 ? -sequence : sequence);

    private static async Task AppendAsync(SqliteStore store, int number, int seed, TextWriter output)
    {
        var customer = Samples.Customer(number);
        var samples = new Samples(seed + number);
        try
        {
            for (var sequence = (await store.LoadAsync(customer, Samples.Start, CancellationToken.None)).Sequence; ;)
            {
                var count = samples.Pick(1, 1, 2, 5);
                RecordedEvent[] events = [.. Enumerable.Range(1, count).Select(i => samples.Event(sequence + i, MessageId(number, sequence + i)))];
                store.TryWrite(samples.Decision(customer, $"d-{number}-{sequence}", Samples.Start, Samples.Start.AddDays(1)));
                var result = await store.AppendAsync(customer, sequence, [.. events], DueAt(sequence + count), CancellationToken.None);
                if (result != AppendResult.Done)
                {
                    output.WriteLine($"failed {result}");
                    return;
                }

                sequence += count;
                output.WriteLine($"{number} {sequence}");
                if (samples.Pick(true, false, false, false))
                {
                    await store.SaveSnapshotAsync(customer, new CustomerState { Sequence = sequence }, CancellationToken.None);
                }
            }
        }
        catch (StorageUnavailableException e)
        {
            output.WriteLine($"failed {e.Message}");
        }
    }
}
