using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Decisioning.Engine.Customers;
using Decisioning.Storage;
using Decisioning.Storage.Resting;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Api = Decisioning.V1;

namespace Decisioning.Benchmarks.Memory;

/// <summary>
/// What customers in memory weigh: typical ones, loaded from the store by an engine in a process of its own, and how long the
/// collector holds everything while decisions and events come in.
/// </summary>
internal static class MemoryBench
{
    /// <summary>Its name on the command line.</summary>
    public const string Verb = "memory";

    private const int Walked = 10_000;
    private const int Histories = 10_000;
    private const int WriteAtOnce = 4_000;
    private const double DecisionsPerSecond = 5_000;
    private const double EventsPerSecond = 250;
    private const int Mega = 1_000_000;

    /// <summary>Runs it: <c>--customers N[,N…]</c>, <c>--seconds N</c> under load, and <c>--runtime NAME=VALUE</c> for settings of the engine's runtime.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        int[] counts = [100_000];
        var load = TimeSpan.FromSeconds(30);
        List<(string Name, string Value)> runtime = [];
        for (var i = 0; i < args.Length; i += 2)
        {
            switch (args[i])
            {
                case "--customers" when i + 1 < args.Length && Counts(args[i + 1]) is { } given:
                    counts = given;
                    break;
                case "--seconds" when i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0:
                    load = TimeSpan.FromSeconds(seconds);
                    break;
                case "--runtime" when i + 1 < args.Length && args[i + 1].Split('=') is [var name, var value]:
                    runtime.Add((name, value));
                    break;
                default:
                    Console.Error.WriteLine($"`{args[i]}` is not understood; write `bench memory [--customers 100000,300000,1000000] [--seconds 30] [--runtime DOTNET_GCConserveMemory=3]…`, of at least {Walked} customers");
                    return 2;
            }
        }

        var folder = Directory.CreateTempSubdirectory("decisioning-memory-").FullName;
        try
        {
            await RunAsync(folder, counts, load, runtime);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int[]? Counts(string text)
    {
        var counts = text.Split(',').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0).ToArray();
        return counts.All(count => count >= Walked) ? [.. counts.Order()] : null;
    }

    private static async Task RunAsync(string folder, int[] counts, TimeSpan duration, IEnumerable<(string Name, string Value)> runtime)
    {
        string[] settings = [$"--Storage:DataFolder={folder}", "--Decisioning:Due:SpreadOver=1.00:00:00", "--Decisioning:Due:SpreadEach=00:01:00"];
        await WriteAsync(settings, counts[^1]);
        using var host = await TrackHost.StartAsync(settings, runtime);
        using var channel = GrpcChannel.ForAddress(host.Address);
        await TrackBench.PublishAsync(new(channel), TypicalCustomers.Source());
        var load = new MemoryLoad(channel);
        var empty = (await AskAsync<HostMemory>(host, HostQuestions.Collected)).Heap;
        await load.ActivateAsync(0, Walked);
        Print("loaded, not told anything since", await AskAsync<CustomerWeights>(host, HostQuestions.Customers));
        await load.TrackEachAsync(0, Walked);
        Print("told of one event since", await AskAsync<CustomerWeights>(host, HostQuestions.Customers));

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nunder {DecisionsPerSecond:N0} decisions and {EventsPerSecond:N0} events a second for {duration.TotalSeconds:N0} s{string.Concat(runtime.Select(set => $", {set.Name}={set.Value}"))}\n"));
        Console.WriteLine("| customers | heap, B each | heap, MB | working set, MB | under load, MB | decisions p50, ms | p99, ms | pauses | p50, ms | p99, ms | max, ms | s under way |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        var active = Walked;
        foreach (var count in counts)
        {
            await load.ActivateAsync(active, count);
            var rest = await AskAsync<HostMemory>(host, HostQuestions.Collected);
            await load.RunAsync(count, DecisionsPerSecond, EventsPerSecond, duration / 6);
            await AskAsync<double[]>(host, HostQuestions.Pauses);
            var result = await load.RunAsync(count, DecisionsPerSecond, EventsPerSecond, duration);
            var pauses = (await AskAsync<double[]>(host, HostQuestions.Pauses)).Order().ToArray();
            var under = await AskAsync<HostMemory>(host, HostQuestions.Memory);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {count:N0} | {(double)(rest.Heap - empty) / count:N0} | {rest.Heap / Mega:N0} | {rest.WorkingSet / Mega:N0} | {under.WorkingSet / Mega:N0} | {result.P50:N2} | {result.P99:N2} | {pauses.Length} | {At(pauses, 0.5):N2} | {At(pauses, 0.99):N2} | {At(pauses, 1):N2} | {pauses.Sum() / 1000:N2} |"));
            active = count;
        }
    }

    private static double At(double[] sorted, double part) => sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * part))];

    private static async Task<T> AskAsync<T>(TrackHost host, string question) => JsonSerializer.Deserialize<T>(await host.AskAsync(question))!;

    private static void Print(string when, CustomerWeights weights)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{weights.Customers:N0} customers, {when}: {weights.Parts.Values.Sum():N0} B of state each\n"));
        Console.WriteLine("| part | B |\n|---|---:|");
        foreach (var (part, bytes) in weights.Parts)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {part} | {bytes:N0} |"));
        }

        foreach (var (what, types) in new[] { ("in states", weights.Types), ("beside them", weights.Runtime) })
        {
            Console.WriteLine($"\n| type {what} | B | objects |\n|---|---:|---:|");
            foreach (var type in types)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {type.Name} | {type.Bytes:N0} | {type.Objects:N2} |"));
            }
        }
    }

    // Each history serves many customers. The log has the last of its events alone, which is then the first: what counts here is the state.
    private static async Task WriteAsync(string[] settings, int customers)
    {
        var now = DateTimeOffset.UtcNow;
        var strategy = TypicalCustomers.Strategy();
        var histories = new (RecordedEvent Last, CustomerState State)[Math.Min(Histories, customers)];
        Parallel.For(0, histories.Length, i =>
        {
            var recorded = Recorder.Plan(CustomerState.Empty, TypicalCustomers.Events(i, now), strategy, now);
            histories[i] = (recorded.Accepted[^1] with { Sequence = 1 }, recorded.Next with { Sequence = 1 });
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{customers:N0} customers of {histories.Length:N0} histories: {histories.Average(history => history.State.Features.Count):N1} cells, {histories.Average(history => history.State.Tags.Length):N1} tags, {histories.Average(history => history.State.RulesHeld.Length):N1} rules held, {histories.Average(history => history.State.Contacts.Length):N1} contacts, {histories.Average(history => history.State.Seen.Count):N1} message ids; {histories.Average(history => RestForm.Write(history.State).Length):N0} B at rest"));
        await using var services = new ServiceCollection().AddLogging().AddDecisioningStorage(new ConfigurationBuilder().AddCommandLine(settings).Build()).BuildServiceProvider();
        var log = services.GetRequiredService<ICustomerLog>();
        foreach (var some in Enumerable.Range(0, customers).Chunk(WriteAtOnce))
        {
            await Task.WhenAll(some.Select(async number =>
            {
                var (key, (last, state)) = (MemoryLoad.Key(number), histories[number % histories.Length]);
                if (await log.AppendAsync(key, 0, ImmutableArray.Create(last), dueAt: null, CancellationToken.None) != AppendResult.Done)
                {
                    throw new InvalidOperationException("the log did not take an event");
                }

                await log.SaveSnapshotAsync(key, state, CancellationToken.None);
            }));
        }
    }
}
