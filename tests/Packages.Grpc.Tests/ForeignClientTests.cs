using Decisioning.Tests.Shared;
using Grpc.AspNetCore.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Decisioning.Packages.Grpc.Tests;

/// <summary>Clients that share no code with us.</summary>
public sealed class ForeignClientTests : IAsyncLifetime
{
    private const string Clients = "tests/Packages.Grpc.Tests/clients";

    private static readonly string[] Checks =
    [
        "bidirectional stream", "by reflection", "cancel", "client stream", "deadline", "failure after messages", "gzip both ways",
        "half-close without messages", "health by reflection", "large message", "many at once", "message over the limit", "metadata",
        "server stream", "status with details", "unary", "unknown method",
    ];

    private readonly string _key = Guid.NewGuid().ToString();
    private EchoServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await EchoServer.StartAsync(
        options => options.ResponseCompressionAlgorithm = "gzip",
        builder =>
        {
            builder.Services.AddGrpcReflection();
            builder.Services.AddGrpcHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy());
        },
        app =>
        {
            app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
            app.MapGrpcService<EchoService>();
            app.MapGrpcReflectionService();
            app.MapGrpcHealthChecksService();
        });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Node_finds_everything_as_it_should_be()
    {
        var run = await ForeignClients.NodeAsync($"{Clients}/node/echo.js", _server.Address.Authority, _key);
        await CheckAsync(run);
    }

    [Fact]
    public async Task Python_finds_everything_as_it_should_be()
    {
        var run = await ForeignClients.PythonAsync($"{Clients}/python/echo.py", _server.Address.Authority, _key);
        await CheckAsync(run);
    }

    [Fact]
    public async Task A_browser_client_finds_everything_as_it_should_be()
    {
        var run = await ForeignClients.NodeAsync(
            $"{Clients}/node/web.js", _server.Address.Authority, _server.Http1Address.ToString().TrimEnd('/'));
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(["deadline", "server stream", "status with details", "unary"], run.Held.Order(StringComparer.Ordinal));
    }

    private async Task CheckAsync(ForeignRun run)
    {
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(Checks, run.Held.Select(name => name.Replace("half close", "half-close", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        await EchoService.CancelledAsync(_key);
        await EchoService.CancelledAsync($"{_key}-deadline");
    }
}
