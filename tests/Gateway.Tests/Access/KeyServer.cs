using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Access;
using Decisioning.Storage.Memory;
using Decisioning.Tests.Shared;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Access;

/// <summary>A gateway where a key exists: one of the scope <c>admin</c> for each of two tenants.</summary>
public sealed class KeyServer : IAsyncLifetime
{
    private readonly GatewayServer _server;

    public KeyServer()
        : this(null)
    {
    }

    internal KeyServer(Action<IServiceCollection>? services) => _server = new(null, services);

    internal TestClock Clock => _server.Clock;

    internal MemoryStore Store => _server.Store;

    internal IServiceProvider Services => _server.Services;

    internal Grpc.Net.Client.GrpcChannel Channel => _server.Channel;

    internal Uri Http1 => _server.Http1;

    internal Api.Events.EventsClient Events => _server.Events;

    internal Api.Decisions.DecisionsClient Decisions => _server.Decisions;

    internal Api.Customers.CustomersClient Customers => _server.Customers;

    internal Api.Histories.HistoriesClient Histories => _server.Histories;

    internal Api.Strategies.StrategiesClient Strategies => _server.Strategies;

    internal Api.Keys.KeysClient Keys => new(_server.Channel);

    internal string AdminText { get; private set; } = "";

    internal Metadata Admin => Bearer(AdminText);

    /// <summary>The key of the second tenant, `rival`.</summary>
    internal Metadata Rival { get; private set; } = [];

    internal static Metadata Bearer(string credential) => new() { { "authorization", "Bearer " + credential } };

    internal static string Reason(RpcException refused) =>
        refused.Trailers.GetValueBytes("grpc-status-details-bin") is { } bytes && Google.Rpc.Status.Parser.ParseFrom(bytes).Details[0].TryUnpack<ErrorInfo>(out var info)
            ? info.Type
            : "";

    public async ValueTask InitializeAsync()
    {
        // The keys come first: a gateway that has seen none remembers it until its clock has moved.
        foreach (var tenant in (string[])["default", "rival"])
        {
            var (text, id, hash) = KeyText.Make([.. Enumerable.Range(0, KeyText.RandomBytes).Select(i => (byte)(i + tenant.Length))]);
            await Store.AddKeyAsync(new AccessKey(id, tenant, "the first", AccessScope.Admin, hash, Clock.GetUtcNow(), "local"), CancellationToken.None);
            (AdminText, Rival) = tenant == "default" ? (text, Rival) : (AdminText, Bearer(text));
        }

        await _server.StartAsync();
        foreach (var tenant in (string[])["default", "rival"])
        {
            var published = await _server.Services.GetRequiredService<IGrainFactory>().GetGrain<IStrategyGrain>(tenant)
                .PublishAsync(new PublishStrategy([new StrategyFile("strategy.yaml", TestStrategies.Shop)], ""));
            Assert.Empty(published.Mistakes);
        }

        await Store.AddAuditAsync("default", new(Clock.GetUtcNow(), "local", "", "test.start", "", ""), CancellationToken.None);
    }

    internal async Task<Api.KeysCreateResponse> CreateAsync(string name, Api.Scope[] scopes, Action<Api.KeysCreateRequest>? change = null)
    {
        var request = new Api.KeysCreateRequest { Name = name };
        request.Scopes.AddRange(scopes);
        change?.Invoke(request);
        return await Keys.CreateAsync(request, Admin);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
