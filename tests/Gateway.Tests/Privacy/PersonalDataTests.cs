using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Text;
using Decisioning.Gateway.Tests.Support;
using Decisioning.Storage.Memory;
using Decisioning.Tests.Shared;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Privacy;

/// <summary>What is logged, measured and traced holds nothing that tells who somebody is, whatever callers send and however it ends.</summary>
public sealed class PersonalDataTests : IAsyncLifetime
{
    private const string Canary = "kanarienvogel";

    // A name that a host does not read by itself.
    private const string Settings = "engine.appsettings.json";

    private readonly ConcurrentQueue<string> _logged = [];
    private readonly ConcurrentQueue<string> _measured = [];
    private readonly ConcurrentQueue<string> _traced = [];
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;
    private readonly GatewayServer _server;

    public PersonalDataTests()
    {
        // As the engine is delivered, but for our own messages, which are all kept.
        var delivered = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, Settings)).Build();
        _server = new(null, services => services.AddLogging(logging =>
            logging.AddConfiguration(delivered.GetSection("Logging")).AddFilter(nameof(Decisioning), LogLevel.Debug).AddProvider(new Kept(_logged))));

        // Other servers' meters are measured on the threads of other tests, some of which count what these threads allocate.
        var meters = _server.Services.GetRequiredService<IMeterFactory>();
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _meters.Start();
        _activities = new()
        {
            ShouldListenTo = source => source.Name.StartsWith("Decisioning", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => _traced.Enqueue($"{activity.DisplayName} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Events.SelectMany(e => e.Tags))} {string.Join(' ', activity.Baggage)}"),
        };
        ActivitySource.AddActivityListener(_activities);
    }

    [Fact]
    public async Task Nothing_personal_is_logged_measured_or_traced()
    {
        foreach (var fault in new StoreFault?[] { null, StoreFault.BeforeCommit, StoreFault.AfterCommit, StoreFault.Busy })
        {
            await TrafficAsync(fault);
        }

        _meters.RecordObservableInstruments();
        Assert.NotEmpty(_measured);
        Assert.Contains(_logged, line => line.Contains("refused", StringComparison.Ordinal));
        Assert.Contains(_logged, line => line.Contains("cannot be reached", StringComparison.Ordinal));
        Assert.DoesNotContain(_logged, Tells);
        Assert.DoesNotContain(_measured, Tells);
        Assert.DoesNotContain(_traced, Tells);
    }

    public async ValueTask InitializeAsync() => await _server.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        _activities.Dispose();
        _meters.Dispose();
        await _server.DisposeAsync();
    }

    private static bool Tells(string text) => text.Contains(Canary, StringComparison.OrdinalIgnoreCase);

    private static string Name(string what) => $"{Canary}-{what}";

    /// <summary>Good, bad, refused, too large and broken, by every door.</summary>
    private async Task TrafficAsync(StoreFault? fault)
    {
        var round = $"{fault}";
        var user = Name("user" + round);
        var good = new Api.Event
        {
            MessageId = Name("message"), UserId = user, AnonymousId = Name("visitor"), Event_ = "Product Viewed",
            Properties = Events.One(Name("property"), Value.ForString(Name("value"))), Context = Events.One("page", Value.ForString(Name("page"))),
        };
        var identify = new Api.Event { MessageId = Name("identify"), UserId = user, Type = Api.EventType.Identify, Traits = Events.One("email", Value.ForString(Name("mail@x.example"))) };
        Api.Event[] bad =
        [
            new(good) { MessageId = "" },
            new(good) { MessageId = Name(new string('x', 300)) },
            new(good) { MessageId = Name("a"), Event_ = Name(new string('x', 300)) },
            new(good) { MessageId = Name("b"), Timestamp = new Timestamp { Seconds = long.MaxValue } },
            new(good) { MessageId = Name("c"), Timestamp = DateTime.UtcNow.AddYears(50).ToTimestamp() },
            new(good) { MessageId = Name("d"), UserId = Name(new string('x', 5000)) },
            new(good) { MessageId = Name("e"), Properties = Events.One(Name("price"), Value.ForNumber(double.NaN)) },
        ];
        if (fault is { } some)
        {
            _server.Store.FailNext(some);
        }

        await Try(async () => await _server.Events.TrackAsync(new() { Events = { good } }));
        await Try(async () => await _server.Events.TrackAsync(new() { Events = { good, identify, new Api.Event(good) { Event_ = "Another" } } }));
        await Try(async () => await _server.Events.TrackAsync(new() { Events = { bad } }));
        var question = new Api.NextBestActionRequest
        {
            Customer = GatewayServer.User(user), DecisionRequestId = Name("question"), Context = Events.One("page", Value.ForString(Name("page"))), Channel = "web",
        };
        await Try(async () => await _server.Decisions.NextBestActionAsync(question));
        await Try(async () => await _server.Decisions.NextBestActionAsync(new(question) { MinSequence = 1000 }));
        await Try(async () => await _server.Decisions.NextBestActionAsync(new(question) { Channel = Name(new string('x', 500)) }));
        await Try(async () => await _server.Decisions.CaptureResponseAsync(new() { Customer = GatewayServer.User(user), Responses = { new Api.ActionResponse { MessageId = Name("response"), TrackingToken = Name("token") } } }));
        await Try(async () => await _server.Customers.GetAsync(new() { Customer = GatewayServer.User(user), MinSequence = 1000 }));
        await Try(async () => await _server.Customers.Export(new() { Customer = GatewayServer.User(user) }).ResponseStream.ReadAllAsync().ToListAsync());
        using var http = new HttpClient { BaseAddress = _server.Http1, DefaultRequestVersion = HttpVersion.Version11 };
        foreach (var (path, body) in new[]
        {
            ("/v1/track", $$"""{"messageId":"{{Name("s1")}}","userId":"{{user}}","event":"Product Viewed","properties":{"{{Name("p")}}":"{{Name("v")}}" } }"""),
            ("/v1/track", $$"""{"messageId":"{{Name("s2")}}","userId":["{{user}}"],"event":17}"""),
            ("/v1/batch", $$"""{"batch":[{"type":"{{Name("type")}}","userId":"{{user}}"},{"type":"track","userId":"{{user}}"}]}"""),
            ("/v1/batch", $$"""{"batch":[{"type":"{{Name("broken")}}"""),
            ("/v1/events", $$"""{"events":[{"messageId":"{{Name("j")}}","userId":"{{user}}","{{Name("field")}}":1}]}"""),
        })
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content);
        }

        foreach (var path in new[] { $"/v1/customer?customer.userId={user}", $"/v1/customer?customer.user_id={user}&{Name("parameter")}=1", $"/v1/{Name("path")}" })
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        }

        await Try(async () => await _server.Customers.EraseAsync(new() { Customer = GatewayServer.User(user), ErasureRequestId = Name("request") }));
    }

    // How each ends is for other tests to say.
    private static async Task Try(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (RpcException)
        {
        }
    }

    private void Measured<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{instrument.Meter.Name} {instrument.Name} {value} {string.Join(' ', tags.ToArray())}"));

    private sealed class Kept(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{eventId} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
