using System.Text;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;
using Decisioning.Storage.Tests.Sqlite;

namespace Decisioning.Storage.Tests;

/// <summary>A customer whose every value can be told from all others, among some who are to stay as they are.</summary>
internal sealed class Canaries
{
    /// <summary>Events, each with a canary of its own.</summary>
    public const int Count = 1000;

    private const int Others = 20;

    private readonly string _mark = $"canary-{Guid.NewGuid():N}";
    private readonly Dictionary<CustomerKey, string> _others = [];

    public Canaries() => Customer = CustomerKey.User("default", $"{_mark}-id");

    public CustomerKey Customer { get; }

    /// <summary>Writes events, decisions, due rows, and snapshots over and over, in turns with the others'.</summary>
    public async Task FillAsync(ICustomerLog log, IDecisionLog decisions)
    {
        const int step = 50;
        for (var from = 0; from < Count; from += step)
        {
            var samples = new Samples(seed: from);
            await log.AppendAsync(Customer, from, [.. samples.Events(from, step).Select(Marked)], Samples.Start.AddDays(1), CancellationToken.None);
            await log.SaveSnapshotAsync(Customer, State(samples, from + step), CancellationToken.None);
            decisions.TryWrite(Decision(samples, from));
            for (var number = 1; number <= Others; number++)
            {
                await log.AppendAsync(Samples.Customer(number), from / step, samples.Events(from / step, 1), Samples.Start.AddDays(2), CancellationToken.None);
                await log.SaveSnapshotAsync(Samples.Customer(number), samples.State((from / step) + 1), CancellationToken.None);
            }
        }

        while (await decisions.ReadAsync(Customer, CancellationToken.None).CountAsync() < Count / step)
        {
            await log.FindMessagesAsync(Customer, ["none"], CancellationToken.None);
        }

        for (var number = 1; number <= Others; number++)
        {
            _others[Samples.Customer(number)] = await DescribeAsync(log, Samples.Customer(number));
        }
    }

    /// <summary>How many of the events' canaries are in some files.</summary>
    public int FoundIn(IEnumerable<string> files)
    {
        var contents = Read(files);
        return Enumerable.Range(1, Count).Count(i => contents.Any(bytes => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Canary(i))) >= 0));
    }

    /// <summary>How often anything of the customer is in some files.</summary>
    public int TracesIn(IEnumerable<string> files)
    {
        var (mark, traces) = (Encoding.UTF8.GetBytes(_mark), 0);
        foreach (var bytes in Read(files))
        {
            for (var at = bytes.AsSpan().IndexOf(mark); at >= 0; traces++)
            {
                var next = bytes.AsSpan(at + 1).IndexOf(mark);
                at = next < 0 ? -1 : at + 1 + next;
            }
        }

        return traces;
    }

    /// <summary>The other customers are as they were.</summary>
    public async Task AssertOthersAsync(ICustomerLog log)
    {
        foreach (var (customer, before) in _others)
        {
            Assert.Equal(before, await DescribeAsync(log, customer));
        }
    }

    private string Canary(long number) => $"{_mark}-{number}-end";

    private RecordedEvent Marked(RecordedEvent recorded) => recorded with
    {
        Event = recorded.Event with
        {
            MessageId = $"{_mark}-m-{recorded.Sequence}",
            Properties = Map("property", Canary(recorded.Sequence)),
            Context = Map("context", $"{_mark}-c-{recorded.Sequence}"),
        },
    };

    private CustomerState State(Samples samples, long sequence) => samples.State(sequence) with
    {
        // Short and long by turns: cells of a page move, and pages that a long one needed become free.
        Profile = Map("trait", string.Concat(Enumerable.Repeat($"{_mark}-t-{sequence} ", sequence % 100 == 0 ? 400 : 3))),
    };

    private DecisionRecord Decision(Samples samples, int number)
    {
        var record = samples.Decision(Customer, $"{_mark}-d-{number}", Samples.Start, Samples.Start.AddDays(1));
        return record with { Request = record.Request with { Context = Map("asked", $"{_mark}-q-{number}") } };
    }

    private static PropertyMap Map(string name, string value) => PropertyMap.From([KeyValuePair.Create(name, Value.Of(value))]);

    private static async Task<string> DescribeAsync(ICustomerLog log, CustomerKey customer)
    {
        var text = new StringBuilder();
        Fixture.Describe(text, "loaded", await log.LoadAsync(customer, Samples.Start, CancellationToken.None));
        Fixture.Describe(text, "log", await log.LoadLogAsync(customer, CancellationToken.None));
        return text.ToString();
    }

    // The server or another connection may have them open.
    private static List<byte[]> Read(IEnumerable<string> files) =>
    [
        .. files.Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Select(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }),
    ];
}
