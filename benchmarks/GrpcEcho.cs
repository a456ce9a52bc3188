using System.Diagnostics;
using System.Net;
using Decisioning.Benchmarks.Wire;
using Google.Protobuf;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Decisioning.Benchmarks;

/// <summary>What gRPC itself costs: an empty service over loopback, client and server in one process.</summary>
internal static class GrpcEcho
{
    private const int Callers = 32;
    private const int Streams = 4;
    private const int InFlight = 256;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(4);

    /// <summary>Measures. Rows are name, value, unit.</summary>
    public static async Task<IReadOnlyList<(string Name, double Value, string Unit)>> RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        await using var app = builder.Build();
        app.MapGrpcService<EchoService>();
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        using var channel = GrpcChannel.ForAddress(address);
        var client = new Echo.EchoClient(channel);

        await UnaryAsync(client, WarmUp);
        var cpu = Environment.CpuUsage.TotalTime;
        var (unary, latencies, bytes) = await UnaryAsync(client, Measured);
        var unaryCpu = (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / latencies.Count;
        await StreamAsync(client, WarmUp);
        cpu = Environment.CpuUsage.TotalTime;
        var streamed = await StreamAsync(client, Measured);
        var streamCpu = (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / (streamed * Measured.TotalSeconds);
        return
        [
            ($"gRPC unary echo, {Callers} callers", unary, "calls/s"),
            ("gRPC unary echo, p50", latencies[latencies.Count / 2], "us"),
            ("gRPC unary echo, p99", latencies[latencies.Count * 99 / 100], "us"),
            ("gRPC unary echo, processor time of both sides", unaryCpu, "us/call"),
            ("gRPC unary echo, allocated on both sides", bytes, "B/call"),
            ($"gRPC bidirectional echo, {Streams} streams, {InFlight} in flight each", streamed, "messages/s"),
            ("gRPC bidirectional echo, processor time of both sides", streamCpu, "us/message"),
        ];
    }

    private static EchoMessage Message { get; } = new() { Customer = "customer-4711", Number = 42, Payload = ByteString.CopyFrom(new byte[100]) };

    private static async Task<(double PerSecond, List<double> Microseconds, double BytesPerCall)> UnaryAsync(Echo.EchoClient client, TimeSpan duration)
    {
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var bytes = GC.GetTotalAllocatedBytes();
        var watch = Stopwatch.StartNew();
        var all = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            List<double> latencies = new(1 << 16);
            while (Stopwatch.GetTimestamp() < end)
            {
                var start = Stopwatch.GetTimestamp();
                await client.SayAsync(Message);
                latencies.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }

            return latencies;
        })));
        var seconds = watch.Elapsed.TotalSeconds;
        bytes = GC.GetTotalAllocatedBytes() - bytes;
        List<double> merged = [.. all.SelectMany(each => each).Order()];
        return (merged.Count / seconds, merged, (double)bytes / merged.Count);
    }

    private static async Task<double> StreamAsync(Echo.EchoClient client, TimeSpan duration)
    {
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, Streams).Select(_ => Task.Run(async () =>
        {
            using var call = client.Chat();
            using var window = new SemaphoreSlim(InFlight);
            var sending = Task.Run(async () =>
            {
                while (Stopwatch.GetTimestamp() < end)
                {
                    await window.WaitAsync();
                    await call.RequestStream.WriteAsync(Message);
                }

                await call.RequestStream.CompleteAsync();
            });
            long count = 0;
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
                count++;
                window.Release();
            }

            await sending;
            return count;
        })));
        return counts.Sum() / watch.Elapsed.TotalSeconds;
    }
}
