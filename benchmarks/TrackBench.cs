using System.Globalization;
using System.Text.Json;
using Decisioning.Benchmarks.Wire;
using Decisioning.Engine.Strategies;
using Google.Protobuf.Collections;
using Grpc.Core;
using Grpc.Net.Client;
using Api = Decisioning.V1;

namespace Decisioning.Benchmarks;

/// <summary>
/// How fast events are taken in, each acknowledged after it is on the disk, one event per customer and request: the engine with its
/// gateway, grains and store in a process of its own, the callers in this one. Beside it, in the same run and the same host, what
/// the machine gives when the services do nothing. Measures alternate in rounds and the best round of each counts.
/// </summary>
internal static class TrackBench
{
    private const int Customers = 10_000;
    private const int Callers = 128;
    private const int Rounds = 3;
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _measured = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _openLoop = TimeSpan.FromSeconds(8);

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        List<Row> rows = [];
        foreach (var store in BenchStore.All())
        {
            using (store)
            {
                rows.AddRange(await OnAsync(store.Name, store.Settings));
            }
        }

        return rows;
    }

    private static async Task<IReadOnlyList<Row>> OnAsync(string store, IEnumerable<string> settings)
    {
        using var host = await TrackHost.StartAsync(settings);
        using var channel = GrpcChannel.ForAddress(host.Address);
        var echo = new Echo.EchoClient(channel);
        var grain = new GrainEcho.GrainEchoClient(channel);
        var events = new Api.Events.EventsClient(channel);
        var strategies = new Api.Strategies.StrategiesClient(channel);
        await PublishAsync(strategies, Strategies.RetailSource());

        var retail = new TrackEvents("r", Customers, n => ((n / Customers) % 24) switch { 23 => "Order Completed", 11 or 17 => "Product Added", _ => "Product Viewed" });
        Measure unary = new(d => TrackLoad.UnaryAsync(Callers, d, n => echo.SayAsync(Message(n)).ResponseAsync));
        Measure unaryGrain = new(d => TrackLoad.UnaryAsync(Callers, d, n => grain.SayAsync(Message(n)).ResponseAsync));
        Measure streamGrain = new(d => TrackLoad.StreamAsync(d, () => grain.Chat(), Message, _ => { }));
        Measure track = new(d => TrackLoad.UnaryAsync(Callers, d, async _ => Check((await events.TrackAsync(retail.Next())).Acks)));
        Measure stream = new(d => TrackLoad.StreamAsync(d, () => events.TrackStream(), _ => retail.NextOfStream(), answer => Check(answer.Acks)));
        await BestAsync(host, unary, unaryGrain, streamGrain, track, stream);
        await StallsAsync(host);
        var half = await TrackLoad.StreamAtAsync(
            stream.Best.PerSecond / 2, _openLoop, () => events.TrackStream(), _ => retail.NextOfStream(), answer => Check(answer.Acks));
        var (pauses, longestCommit) = await StallsAsync(host);

        await PublishAsync(strategies, ScaleStrategy.Source(1_000, 0));
        var many = new TrackEvents("l", Customers, n => $"Event {(n / Customers) % 12}");
        Measure large = new(d => TrackLoad.StreamAsync(d, () => events.TrackStream(), _ => many.NextOfStream(), answer => Check(answer.Acks)));
        await BestAsync(host, streamGrain, large);

        var streams = $"{TrackLoad.Streams} streams × {TrackLoad.InFlight} in flight";
        return
        [
            new($"{store}: empty gRPC unary, {Callers} callers", unary.Best.PerSecond, "calls/s"),
            new($"{store}: empty gRPC unary → grain, {Callers} callers", unaryGrain.Best.PerSecond, "calls/s"),
            new($"{store}: empty stream → grain, {streams}", streamGrain.Best.PerSecond, "calls/s"),
            new("  host's processor time", streamGrain.CpuMicroseconds, "us/call"),
            new("  allocated in the host", streamGrain.Bytes, "B/call"),
            .. Told($"{store}: track unary, retail strategy, {Callers} callers", track, unaryGrain, "empty gRPC → grain"),
            .. Told($"{store}: track stream, retail strategy, {streams}", stream, streamGrain, "empty stream → grain"),
            new($"{store}: track stream at half that rate, open loop: p50", half.P50, "ms"),
            new($"{store}: track stream at half that rate, open loop: p99", half.P99, "ms"),
            new("  longest pause of the host's collector", pauses.DefaultIfEmpty().Max(), "ms"),
            new("  its pauses, of the time", 100 * pauses.Sum() / _openLoop.TotalMilliseconds, "%"),
            new("  longest commit, pauses in it included", longestCommit, "ms"),
            .. Told($"{store}: track stream, 100 features and 1,000 rules, {streams}", large, streamGrain, "empty stream → grain"),
        ];
    }

    private static IEnumerable<Row> Told(string name, Measure measure, Measure against, string what) =>
    [
        new(name, measure.Best.PerSecond, "events/s"),
        new($"  of {what}", measure.Best.PerSecond / against.Best.PerSecond, "ratio"),
        new("  p50", measure.Best.P50, "ms"),
        new("  p99", measure.Best.P99, "ms"),
        new("  host's processor time", measure.CpuMicroseconds, "us/event"),
        new("  allocated in the host", measure.Bytes, "B/event"),
    ];

    // In rounds, so that what else runs on the machine meets all of them.
    private static async Task BestAsync(TrackHost host, params Measure[] measures)
    {
        foreach (var measure in measures)
        {
            await measure.Run(_warmUp);
        }

        for (var round = 0; round < Rounds; round++)
        {
            foreach (var measure in measures)
            {
                var (cpu, allocated) = (host.Cpu, await host.AllocatedAsync());
                var result = await measure.Run(_measured);
                measure.Take(result, host.Cpu - cpu, await host.AllocatedAsync() - allocated);
            }
        }
    }

    // What made events wait since this was asked last.
    private static async Task<(double[] Pauses, double LongestCommit)> StallsAsync(TrackHost host) => (
        JsonSerializer.Deserialize<double[]>(await host.AskAsync(HostQuestions.Pauses))!,
        double.Parse(await host.AskAsync(HostQuestions.LongestCommit), CultureInfo.InvariantCulture));

    private static EchoMessage Message(long n) => new() { Customer = string.Create(CultureInfo.InvariantCulture, $"customer-{n % Customers:D6}"), Number = n };

    private static void Check(RepeatedField<Api.EventAck> acks)
    {
        if (acks.Count != 1 || acks[0].Status != Api.EventStatus.Applied)
        {
            throw new InvalidOperationException($"not acknowledged as applied: {acks[0]}");
        }
    }

    internal static async Task PublishAsync(Api.Strategies.StrategiesClient strategies, StrategySource written)
    {
        var source = new Api.StrategySource();
        source.Files.AddRange(written.Files.Select(file => new Api.StrategyFile { Path = file.Key, Text = file.Value }));
        var published = await strategies.PublishAsync(new Api.PublishRequest { Source = source });
        if (published.Errors.Count > 0)
        {
            throw new InvalidOperationException(published.Errors[0].Message);
        }
    }

    private sealed class Measure(Func<TimeSpan, Task<LoadResult>> run)
    {
        public Func<TimeSpan, Task<LoadResult>> Run { get; } = run;

        public LoadResult Best { get; private set; }

        public double CpuMicroseconds { get; private set; } = double.MaxValue;

        public double Bytes { get; private set; } = double.MaxValue;

        public void Take(LoadResult result, TimeSpan cpu, long allocated)
        {
            Best = LoadResult.Better(Best, result);
            CpuMicroseconds = Math.Min(CpuMicroseconds, cpu.TotalMicroseconds / result.Milliseconds.Length);
            Bytes = Math.Min(Bytes, (double)allocated / result.Milliseconds.Length);
        }
    }
}
