using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Decisioning.Engine.Access;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Services;
using Decisioning.Gateway.Tests.Access;
using Decisioning.Gateway.Tests.Http;
using Decisioning.Gateway.Tests.Support;
using Decisioning.Gateway.Throttling;
using Decisioning.Grains;
using Decisioning.Storage;
using Decisioning.Tests.Shared;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Throttling;

public sealed class LimitTests
{
    private const int TriesMax = 10_000;

    [Fact]
    public async Task A_key_that_calls_too_often_is_told_when_to_come_back_over_grpc_and_http_while_others_and_health_go_on()
    {
        // One token a second: fewer than any machine makes calls, so some of these are refused however slow it is.
        await using var server = new KeyServer(services => services.Configure<LimitsOptions>(limits => (limits.CallsPerKeyPerSecond, limits.CallsPerKeyBurst) = (1, 3)));
        await server.InitializeAsync();
        using var refusals = new Counted(server.Services, "decisioning.gateway.refused");

        var refused = await FirstRefusalAsync(async () => await server.Keys.ListAsync(new(), server.Admin));
        using var http = new HttpClient { BaseAddress = server.Http1 };
        HttpResponseMessage answer;
        var tries = 0;
        do
        {
            Assert.True(++tries < TriesMax, "no call was refused");
            var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch") { Content = new StringContent("{\"batch\":[]}", Encoding.UTF8, "application/json") };
            request.Headers.Add("x-api-key", server.AdminText);
            answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        }
        while (answer.StatusCode == HttpStatusCode.BadRequest);

        Assert.Equal((StatusCode.ResourceExhausted, "CALLS_TOO_OFTEN"), (refused.StatusCode, KeyServer.Reason(refused)));
        Assert.InRange(RetryDelay(refused), TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));
        Assert.Equal((HttpStatusCode)429, answer.StatusCode);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.NotEmpty((await server.Keys.ListAsync(new(), server.Rival)).Keys);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/healthz", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(2, refusals.Of("limit", "key"));
    }

    [Fact]
    public async Task Each_message_of_a_stream_is_a_call_and_a_question_too_many_is_refused_without_ending_it()
    {
        await using var server = new KeyServer(services => services.Configure<LimitsOptions>(limits => (limits.CallsPerKeyPerSecond, limits.CallsPerKeyBurst) = (1, 3)));
        await server.InitializeAsync();
        using var questions = server.Decisions.NextBestActionStream(server.Admin);
        Api.NextBestActionRefusal? refusal = null;
        for (var tries = 0; refusal is null; tries++)
        {
            Assert.True(tries < TriesMax, "no question was refused");
            await questions.RequestStream.WriteAsync(new() { Request = new() { Customer = GatewayServer.User("ann") } }, TestContext.Current.CancellationToken);
            Assert.True(await questions.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
            refusal = questions.ResponseStream.Current.Refusal;
        }

        Assert.Equal((int)StatusCode.ResourceExhausted, refusal.Code);
        await questions.RequestStream.CompleteAsync();
        Assert.False(await questions.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        using var events = server.Events.TrackStream(server.Rival);
        var ended = await FirstRefusalAsync(async () =>
        {
            await events.RequestStream.WriteAsync(new() { Events = { Events.Good() } }, TestContext.Current.CancellationToken);
            Assert.True(await events.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        });
        Assert.Equal(StatusCode.ResourceExhausted, ended.StatusCode);
        Assert.InRange(RetryDelay(ended), TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Decisions_beyond_those_under_way_and_waiting_are_refused_at_once_and_places_come_free()
    {
        HeldLog? held = null;
        await using var server = new GatewayServer(null, services =>
        {
            services.AddSingleton<ICustomerLog>(_ => held!);
            services.Configure<LimitsOptions>(limits => (limits.DecisionsAtOnceMax, limits.DecisionsWaitingMax) = (2, 1));
        });
        held = new(server.Store);
        await server.InitializeAsync();
        var limits = server.Services.GetRequiredService<CallLimits>();
        using var refusals = new Counted(server.Services, "decisioning.gateway.refused");
        var release = held.HoldLoads();
        var (caller, decisions) = (server.Services.GetRequiredService<OpenAccess>().Local, server.Services.GetRequiredService<DecisionsService>());
        Task<Api.NextBestActionResponse> AskAsync(int n) =>
            decisions.NextBestActionAsync(new() { Customer = GatewayServer.User($"u{n}") }, caller, patience: null, TestContext.Current.CancellationToken);
        var under = Enumerable.Range(0, 3).Select(AskAsync).ToList();
        Assert.True(limits.IsFull);

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await server.Decisions.NextBestActionAsync(new() { Customer = GatewayServer.User("u9") }));

        Assert.Equal((StatusCode.ResourceExhausted, 1), (refused.StatusCode, refusals.Of("limit", "decisions")));
        release.SetResult();
        await Task.WhenAll(under);
        Assert.False(limits.IsFull);
        await AskAsync(9);
    }

    [Fact]
    public async Task A_customer_sent_more_than_is_taken_is_refused_alone_until_its_rate_allows_more()
    {
        await using var server = new GatewayServer(null, services => services.Configure<GrainsOptions>(grains => (grains.CustomerEventsPerSecond, grains.CustomerEventsBurst) = (100, 500)));
        await server.InitializeAsync();
        await SendAsync("ann", 0, 500);

        var refused = await Assert.ThrowsAsync<RpcException>(() => SendAsync("ann", 500, 50));

        // The test's clock stands still: fifty are taken again after exactly half a second.
        Assert.Equal((StatusCode.ResourceExhausted, TimeSpan.FromSeconds(0.5)), (refused.StatusCode, RetryDelay(refused)));
        await SendAsync("bob", 0, 50);
        server.Clock.Advance(TimeSpan.FromSeconds(0.49));
        await Assert.ThrowsAsync<RpcException>(() => SendAsync("ann", 500, 50));
        server.Clock.Advance(TimeSpan.FromSeconds(0.01));
        await SendAsync("ann", 500, 50);
        Assert.Equal(550, (await server.LogAsync("ann")).Count);

        Task SendAsync(string user, int from, int count) => server.TrackAsync([.. Enumerable.Range(from, count).Select(n => Events.Good($"m{n}", user))]);
    }

    [Fact]
    public async Task Bodies_and_headers_beyond_their_limits_are_refused_and_the_server_goes_on()
    {
        await using var server = new GatewayServer(null, services => services.Configure<LimitsOptions>(limits => limits.HttpBodyBytesMax = 2048));
        await server.InitializeAsync();
        using var http = new HttpClient { BaseAddress = server.Http1 };
        var crowd = new HttpRequestMessage(HttpMethod.Get, "/healthz");
        var large = new HttpRequestMessage(HttpMethod.Get, "/healthz");
        large.Headers.Add("x-large", new string('x', 40 * 1024));
        for (var i = 0; i < 101; i++)
        {
            crowd.Headers.Add($"x-{i}", "1");
        }

        Assert.Equal((HttpStatusCode)431, (await http.SendAsync(crowd, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal((HttpStatusCode)431, (await http.SendAsync(large, TestContext.Current.CancellationToken)).StatusCode);

        var batch = "{\"batch\":[{\"type\":\"track\",\"event\":\"Product Viewed\",\"userId\":\"ann\",\"properties\":{\"text\":\"" + new string('x', 1000) + "\"}}]}";
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/v1/batch", batch)).Status);

        // Refused by its announced length: a client that waits to hear whether to go on sends nothing.
        var body = new HttpRequestMessage(HttpMethod.Post, "/v1/batch") { Content = new StringContent(new string(' ', 3000), Encoding.UTF8, "application/json") };
        body.Headers.ExpectContinue = true;
        using var patient = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = server.Http1 };
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await patient.SendAsync(body, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/healthz")).Status);
    }

    [Fact]
    public async Task Who_reads_the_meters_while_a_server_ends_is_not_failed_by_it()
    {
        var server = new GatewayServer(null);
        await server.InitializeAsync();
        var limits = server.Services.GetRequiredService<CallLimits>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listening) => listening.EnableMeasurementEvents(instrument) };
        listener.Start();

        limits.Dispose();
        listener.RecordObservableInstruments();

        await server.DisposeAsync();
    }

    [Fact]
    public async Task Every_limit_of_the_server_is_the_one_configured()
    {
        await using var server = new GatewayServer(null, services => services.Configure<LimitsOptions>(limits =>
        {
            (limits.ConnectionsMax, limits.StreamsPerConnectionMax, limits.HeaderBytesMax, limits.HeadersMax) = (11, 12, 13_000, 34);
            (limits.HeadersWaitMax, limits.IdleMax, limits.PingAfter, limits.PingWaitMax) = (Seconds(2), Seconds(3), Seconds(4), Seconds(5));
            limits.BytesPerSecondMin = 6;
        }));

        var kestrel = server.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value;

        var limits = kestrel.Limits;
        Assert.False(kestrel.AddServerHeader || kestrel.AllowSynchronousIO);
        Assert.Equal((11, 0, 12), (limits.MaxConcurrentConnections, limits.MaxConcurrentUpgradedConnections, limits.Http2.MaxStreamsPerConnection));
        Assert.Equal((13_000, 34, 13_000), (limits.MaxRequestHeadersTotalSize, limits.MaxRequestHeaderCount, limits.Http2.MaxRequestHeaderFieldSize));
        Assert.Equal((Seconds(2), Seconds(3), Seconds(4), Seconds(5)), (limits.RequestHeadersTimeout, limits.KeepAliveTimeout, limits.Http2.KeepAlivePingDelay, limits.Http2.KeepAlivePingTimeout));
        Assert.Equal((6, 6), (limits.MinRequestBodyDataRate!.BytesPerSecond, limits.MinResponseDataRate!.BytesPerSecond));
        Assert.InRange(limits.MaxRequestBodySize!.Value, GatewayModule.MessageBytesMax * 4 / 3, 2L * GatewayModule.MessageBytesMax);

        static TimeSpan Seconds(int count) => TimeSpan.FromSeconds(count);
    }

    private static async Task<RpcException> FirstRefusalAsync(Func<Task> call)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            try
            {
                await call();
            }
            catch (RpcException refused)
            {
                return refused;
            }
        }

        throw new InvalidOperationException("no call was refused");
    }

    private static TimeSpan RetryDelay(RpcException refused) =>
        Google.Rpc.Status.Parser.ParseFrom(refused.Trailers.GetValueBytes("grpc-status-details-bin")).Details
            .Single(detail => detail.Is(RetryInfo.Descriptor)).Unpack<RetryInfo>().RetryDelay.ToTimeSpan();

    /// <summary>Sums a counter of one server.</summary>
    private sealed class Counted : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly Dictionary<(string, string), long> _sums = [];

        public Counted(IServiceProvider server, string name)
        {
            var meters = server.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == name && ReferenceEquals(instrument.Meter.Scope, meters))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
            {
                lock (_sums)
                {
                    var key = (tags[0].Key, (string)tags[0].Value!);
                    _sums[key] = _sums.GetValueOrDefault(key) + value;
                }
            });
            _listener.Start();
        }

        public long Of(string tag, string value)
        {
            lock (_sums)
            {
                return _sums.GetValueOrDefault((tag, value));
            }
        }

        public void Dispose() => _listener.Dispose();
    }
}
