using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Decisioning.Engine.Access;
using Decisioning.Gateway.Tests.Access;
using Decisioning.Gateway.Tests.Http;
using Decisioning.Gateway.Tests.Support;
using Decisioning.Tests.Shared;
using Google.Protobuf;
using Grpc.Core;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Telemetry;

public sealed class MetricsTests
{
    [Fact]
    public async Task Calls_are_measured_by_method_and_status_with_those_that_were_refused_and_http_by_route()
    {
        await using var server = new KeyServer();
        await server.InitializeAsync();
        await server.Events.TrackAsync(new() { Events = { Events.Good() } }, server.Admin);
        await server.Decisions.NextBestActionAsync(new() { Customer = GatewayServer.User("ann") }, server.Admin);
        await Assert.ThrowsAsync<RpcException>(async () => await server.Decisions.NextBestActionAsync(new(), server.Admin));
        await Assert.ThrowsAsync<RpcException>(async () => await server.Decisions.NextBestActionAsync(new(), KeyServer.Bearer("no key")));

        const string calls = "rpc_server_call_duration_seconds_count{rpc_system_name=\"grpc\",rpc_method=\"decisioning.v1.";
        var text = await MetricsAsync(
            server,
            calls + "Events/Track\",rpc_response_status_code=\"OK\"} 1",
            calls + "Decisions/NextBestAction\",rpc_response_status_code=\"OK\"} 1",
            calls + "Decisions/NextBestAction\",rpc_response_status_code=\"INVALID_ARGUMENT\"} 1",
            calls + "Decisions/NextBestAction\",rpc_response_status_code=\"UNAUTHENTICATED\"} 1",
            "http_route=\"/metrics\"");
        Assert.Contains("decisioning_events_total{status=\"Applied\"} 1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ann", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Customers/Watch", 0, true)]
    [InlineData("Customers/Watch", 0, false)]
    [InlineData("Events/TrackStream", 1, true)]
    [InlineData("Events/Track", 1, true)]
    [InlineData("Events/Track", 1, false)]
    public async Task A_call_whose_browser_leaves_midway_counts_as_cancelled(string method, int missing, bool isReset)
    {
        await using var server = new KeyServer();
        await server.InitializeAsync();
        byte[] message = method == "Customers/Watch" ? new Api.WatchRequest { Customer = GatewayServer.User("ann") }.ToByteArray() : new Api.TrackRequest { Events = { Events.Good() } }.ToByteArray();
        byte[] frame = [0, 0, 0, 0, (byte)message.Length, .. message];
        using var browser = new TcpClient();
        await browser.ConnectAsync(server.Http1.Host, server.Http1.Port, TestContext.Current.CancellationToken);
        var head = $"POST /decisioning.v1.{method} HTTP/1.1\r\nHost: localhost\r\nx-api-key: {server.AdminText}\r\nContent-Type: application/grpc-web+proto\r\nContent-Length: {frame.Length + missing}\r\n\r\n";
        await browser.GetStream().WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. frame], TestContext.Current.CancellationToken);
        if (missing == 0)
        {
            Assert.NotEqual(0, await browser.GetStream().ReadAsync(new byte[100], TestContext.Current.CancellationToken));
        }
        else
        {
            await MetricsAsync(server, "http_server_active_requests{url_scheme=\"http\",http_request_method=\"POST\"} 1");
        }

        browser.LingerState = new(isReset, 0);
        browser.Close();

        await MetricsAsync(server, $"rpc_server_call_duration_seconds_count{{rpc_system_name=\"grpc\",rpc_method=\"decisioning.v1.{method}\",rpc_response_status_code=\"CANCELLED\"}} 1");
    }

    [Fact]
    public async Task Metrics_are_for_administrators_only()
    {
        await using var server = new KeyServer();
        await server.InitializeAsync();
        var agent = (await server.CreateAsync("desk", [Api.Scope.Agent])).Text;
        using var http = new HttpClient { BaseAddress = server.Http1 };

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/metrics", TestContext.Current.CancellationToken)).StatusCode);
        http.DefaultRequestHeaders.Add("x-api-key", agent);
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync("/metrics", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Prometheus_own_checker_finds_nothing_wrong()
    {
        var promtool = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(promtool is null && Environment.GetEnvironmentVariable("CI") is null, "promtool of Debian's package `prometheus` is not installed");
        await using var server = new KeyServer();
        await server.InitializeAsync();
        await server.Events.TrackAsync(new() { Events = { Events.Good() } }, server.Admin);
        await server.Decisions.NextBestActionAsync(new() { Customer = GatewayServer.User("ann") }, server.Admin);
        var text = await MetricsAsync(server);

        using var check = Process.Start(new ProcessStartInfo(promtool!, ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;
        await check.StandardInput.WriteAsync(text);
        check.StandardInput.Close();
        var said = await check.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken) + await check.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await check.WaitForExitAsync(TestContext.Current.CancellationToken);

        // What the runtime and ASP.NET call their own is theirs.
        Assert.Equal("", string.Join('\n', said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("dotnet_", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Readiness_names_each_check_and_nothing_of_its_insides_and_health_over_grpc_says_the_same()
    {
        await using var ready = new GatewayServer(null);
        await ready.StartAsync();
        await using var not = new GatewayServer(null) { IsReady = false };
        await not.StartAsync();

        Assert.Equal("{\"status\":\"ready\",\"checks\":{\"test\":\"ok\",\"load\":\"ok\"}}", (await ready.GetAsync("/readyz")).Body!.ToJsonString());
        var answer = await not.GetAsync("/readyz");
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "{\"status\":\"not ready\",\"checks\":{\"test\":\"failing\",\"load\":\"ok\"}}"),
            (answer.Status, answer.Body!.ToJsonString()));
        Assert.Equal(HttpStatusCode.OK, (await not.GetAsync("/healthz")).Status);
        var health = new Grpc.Health.V1.Health.HealthClient(not.Channel);
        Assert.Equal(Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus.NotServing, (await health.CheckAsync(new())).Status);
    }

    /// <summary>Asks until all parts are in the answer: a call is measured after its caller has heard of its end.</summary>
    private static async Task<string> MetricsAsync(KeyServer server, params string[] parts)
    {
        using var http = new HttpClient { BaseAddress = server.Http1 };
        http.DefaultRequestHeaders.Add("x-api-key", server.AdminText);
        for (var left = 500; ; left--)
        {
            using var answer = await http.GetAsync("/metrics", TestContext.Current.CancellationToken);
            Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (left == 0 || parts.All(part => text.Contains(part, StringComparison.Ordinal)))
            {
                Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));
                return text;
            }
        }
    }
}
