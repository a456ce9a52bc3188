using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Decisioning.Engine.Strategies;
using Grpc.Core;
using Grpc.Net.Client;
using Api = Decisioning.V1;

namespace Decisioning.Benchmarks;

/// <summary>
/// How soon an order on one connection changes what an agent sees on another: from the instant the order was to be sent until the new
/// decision has arrived, beside what the same orders waited for their acknowledgement. The engine is a process of its own; orders come at a
/// rate whatever the answers do, every second one of a customer whom nobody watches. <c>DECISIONING_WATCHES</c> says of how many watches:
/// <c>1,100,1000</c> unless given.
/// </summary>
internal static class WatchBench
{
    private const int OrdersPerSecond = 200;
    private const int Unwatched = 1_000;
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _measured = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        List<Row> rows = [];
        foreach (var store in BenchStore.All())
        {
            using (store)
            {
                using var host = await TrackHost.StartAsync(store.Settings);
                using var orders = GrpcChannel.ForAddress(host.Address);
                await TrackBench.PublishAsync(new(orders), Source());
                foreach (var watchers in Sizes.Of("DECISIONING_WATCHES", "1,100,1000"))
                {
                    rows.AddRange(await OfAsync(store.Name, host, new(orders), watchers));
                }
            }
        }

        return rows;
    }

    private static async Task<IEnumerable<Row>> OfAsync(string store, TrackHost host, Api.Events.EventsClient events, int watchers)
    {
        // Connections of their own: an agent's desk is not the shop.
        using var channel = GrpcChannel.ForAddress(host.Address, new() { HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true } });
        await using var screens = await Screens.OpenAsync(new(channel), $"{watchers}", watchers);
        await RunAsync(events, screens, _warmUp);
        screens.Forget();
        var acks = await RunAsync(events, screens, _measured);
        var seen = await screens.SeenAsync();
        var name = string.Create(CultureInfo.InvariantCulture, $"{store}: {watchers:N0} watch{(watchers == 1 ? "" : "es")}, {OrdersPerSecond} orders/s, order → screen");
        return [.. Told(name, seen, [50, 95, 99, 100]), .. Told("  order → acknowledgement", acks, [50, 99])];
    }

    private static IEnumerable<Row> Told(string name, double[] milliseconds, int[] percents) => percents.Select((percent, i) => new Row(
        $"{(i == 0 ? name : " ")}, {(percent == 100 ? "max" : string.Create(CultureInfo.InvariantCulture, $"p{percent}"))}",
        milliseconds[Math.Min(milliseconds.Length - 1, milliseconds.Length * percent / 100)], "ms"));

    /// <summary>Sends orders at the rate; how long the watched ones waited for their acknowledgement, in order.</summary>
    private static async Task<double[]> RunAsync(Api.Events.EventsClient events, Screens screens, TimeSpan duration)
    {
        var started = Stopwatch.GetTimestamp();
        List<Task<double?>> sent = [];
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (var i = 0; i < OrdersPerSecond * duration.TotalSeconds; i++)
        {
            var due = started + (Stopwatch.Frequency * i / OrdersPerSecond);
            while (due > Stopwatch.GetTimestamp())
            {
                await timer.WaitForNextTickAsync();
            }

            sent.Add(i % 2 == 0 ? OrderAsync(events, screens.Ordered(i / 2, due), due) : UnwatchedAsync(events, i));
        }

        return [.. (await Task.WhenAll(sent)).OfType<double>().Order()];
    }

    private static async Task<double?> UnwatchedAsync(Api.Events.EventsClient events, int i)
    {
        await OrderAsync(events, string.Create(CultureInfo.InvariantCulture, $"unwatched-{i / 2 % Unwatched}"), 0);
        return null;
    }

    private static async Task<double?> OrderAsync(Api.Events.EventsClient events, string customer, long due)
    {
        var answer = await events.TrackAsync(new() { Events = { new Api.Event { UserId = customer, MessageId = Guid.NewGuid().ToString("N"), Event_ = "Order Completed" } } });
        return answer.Acks[0].Status == Api.EventStatus.Applied
            ? Stopwatch.GetElapsedTime(due).TotalMilliseconds
            : throw new InvalidOperationException($"not acknowledged as applied: {answer.Acks[0]}");
    }

    // The sample of a shop, and for the agent a sentence that every order changes.
    private static StrategySource Source() => new(Strategies.RetailSource().Files.Add("screen.yaml", """
        issues:
          bench:
            screen:
              ordered:
                value: 1
                mandatory: true
                treatments: [ { channel: agent, placement: next-offer, text: "{{features.orders}}" } ]
        """));

    /// <summary>Agents' screens, one customer each: when which order was sent, and when it was seen.</summary>
    private sealed class Screens : IAsyncDisposable
    {
        private readonly CancellationTokenSource _close = new();
        private readonly List<double> _seen = [];
        private readonly ImmutableArray<Screen> _all;
        private Task _watching = Task.CompletedTask;

        private Screens(string name, int count) =>
            _all = [.. Enumerable.Range(0, count).Select(i => new Screen(string.Create(CultureInfo.InvariantCulture, $"watched-{name}-{i}")))];

        public static async Task<Screens> OpenAsync(Api.Customers.CustomersClient customers, string name, int count)
        {
            var screens = new Screens(name, count);
            foreach (var screen in screens._all)
            {
                var request = new Api.WatchRequest { Customer = new() { UserId = screen.Customer }, Channel = "agent", Placements = { "next-offer" } };
                var call = customers.Watch(request, cancellationToken: screens._close.Token);
                if (!await call.ResponseStream.MoveNext(CancellationToken.None))
                {
                    throw new InvalidOperationException("a watch ended at once");
                }

                screens._watching = Task.WhenAll(screens._watching, screens.WatchAsync(screen, call));
            }

            return screens;
        }

        /// <summary>Notes that an order is due; of whom it is.</summary>
        public string Ordered(int number, long due)
        {
            var screen = _all[number % _all.Length];
            lock (_seen)
            {
                screen.Due.Add(due);
            }

            return screen.Customer;
        }

        public void Forget()
        {
            lock (_seen)
            {
                _seen.Clear();
            }
        }

        /// <summary>How long each order took to the screen, in order, once all were seen.</summary>
        public async Task<double[]> SeenAsync()
        {
            var patience = Stopwatch.GetTimestamp();
            while (true)
            {
                lock (_seen)
                {
                    if (_all.All(screen => screen.Shown == screen.Due.Count))
                    {
                        return [.. _seen.Order()];
                    }
                }

                if (_watching.IsFaulted || Stopwatch.GetElapsedTime(patience) > TimeSpan.FromSeconds(30))
                {
                    await _watching.WaitAsync(TimeSpan.Zero);
                }

                await Task.Delay(10);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _close.CancelAsync();
            await _watching.ContinueWith(static _ => { }, TaskScheduler.Default);
            _close.Dispose();
        }

        private async Task WatchAsync(Screen screen, AsyncServerStreamingCall<Api.WatchResponse> call)
        {
            using (call)
            {
                while (await call.ResponseStream.MoveNext(CancellationToken.None))
                {
                    if (call.ResponseStream.Current.Decision?.Items.FirstOrDefault(item => item.Action == "ordered") is { } item)
                    {
                        var now = Stopwatch.GetTimestamp();
                        lock (_seen)
                        {
                            // Orders in quick succession may be shown together.
                            for (var orders = int.Parse(item.Content["text"], CultureInfo.InvariantCulture); screen.Shown < orders; screen.Shown++)
                            {
                                _seen.Add(Stopwatch.GetElapsedTime(screen.Due[screen.Shown], now).TotalMilliseconds);
                            }
                        }
                    }
                }
            }
        }
    }

    private sealed class Screen(string customer)
    {
        public string Customer => customer;

        public List<long> Due { get; } = [];

        public int Shown { get; set; }
    }
}
