using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Decisioning.Tests.Shared;
using Grpc.Core;
using Grpc.Net.Client;
using Api = Decisioning.V1;

namespace Decisioning.Clients.Tests;

/// <summary>A started engine with the shop's strategy, and keys as its users would make them.</summary>
public sealed partial class ClientEngine : IAsyncLifetime
{
    /// <summary>Where the packages of the clients are.</summary>
    public const string Node = "tests/Clients.Tests/node";

    private readonly string _folder = Directory.CreateTempSubdirectory("decisioning-").FullName;
    private SiloProcess _engine = null!;
    private GrpcChannel _channel = null!;
    private Metadata _admin = [];

    /// <summary>The engine's HTTP address, without a slash at its end; the same after a new start.</summary>
    public string Http { get; private set; } = "";

    /// <summary>Where it listens for gRPC: host and port.</summary>
    public string Grpc => new Uri(_engine.GrpcAddress).Authority;

    /// <summary>A key of a server: it may track and decide and see customers.</summary>
    public string SecretKey { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await StartAsync("--http-port", "0");
        Http = _engine.HttpAddress;
        _admin = new() { { "authorization", "Bearer " + await KeyAsync(request => request.Scopes.Add(Api.Scope.Admin)) } };
        SecretKey = await KeyAsync(request => request.Scopes.Add(Api.Scope.Agent));
    }

    /// <summary>Stops the engine as an operator does.</summary>
    public async Task StopAsync()
    {
        _channel.Dispose();
        Assert.Equal(0, await _engine.StopAsync());
        await _engine.DisposeAsync();
    }

    /// <summary>Ends the engine without a warning.</summary>
    public async Task KillAsync()
    {
        _channel.Dispose();
        await _engine.KillAsync();
        await _engine.DisposeAsync();
    }

    /// <summary>Starts it again where it was.</summary>
    public Task StartAsync() => StartAsync("--http-port", $"{new Uri(Http).Port}", "--port", $"{new Uri(_engine.GrpcAddress).Port}");

    /// <summary>A key that may stand in a website.</summary>
    /// <param name="origin">The website.</param>
    public Task<string> PublicKeyAsync(string origin) => KeyAsync(request =>
    {
        request.IsPublic = true;
        request.Scopes.AddRange([Api.Scope.Track, Api.Scope.Decide]);
        request.Origins.Add(origin);
    });

    /// <summary>What is known of a user.</summary>
    public Task<Api.Customer> UserAsync(string id) => CustomerAsync(new() { UserId = id });

    /// <summary>What is known of a visitor.</summary>
    public Task<Api.Customer> VisitorAsync(string id) => CustomerAsync(new() { AnonymousId = id });

    /// <summary>Sends an event as another client does.</summary>
    public async Task TrackAsync(Api.Event happened)
    {
        var answer = await new Api.Events.EventsClient(_channel).TrackAsync(new Api.TrackRequest { Events = { happened } }, _admin);
        Assert.Equal(Api.EventStatus.Applied, answer.Acks.Single().Status);
    }

    /// <summary>Everything recorded of a customer, in order.</summary>
    public async Task<IReadOnlyList<Api.ExportedEvent>> EventsAsync(Api.CustomerIdentity identity)
    {
        using var export = new Api.Customers.CustomersClient(_channel).Export(new Api.ExportRequest { Customer = identity }, _admin);
        return await export.ResponseStream.ReadAllAsync().Where(part => part.Event is not null).Select(part => part.Event).ToListAsync();
    }

    /// <summary>How many calls of a method ended with which status so far.</summary>
    /// <param name="method">As in <c>decisioning.v1.Events/Track</c>.</param>
    public async Task<IReadOnlyDictionary<string, int>> CallsAsync(string method)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add(_admin[0].Key, _admin[0].Value);
        var text = await http.GetStringAsync(Http + "/metrics");
        return Call().Matches(text).Where(call => call.Groups["method"].Value == method)
            .ToDictionary(call => call.Groups["status"].Value, call => int.Parse(call.Groups["count"].Value, CultureInfo.InvariantCulture));
    }

    /// <summary>The variables that examples read.</summary>
    public Dictionary<string, string> Variables => new() { ["ENGINE"] = Http, ["GRPC"] = Grpc, ["KEY"] = SecretKey };

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _engine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A port of this machine that nobody listens on.</summary>
    public static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    private async Task StartAsync(params string[] arguments)
    {
        _engine = await SiloProcess.ReadyAsync(["--data", _folder, "--strategy", Path.Combine(ForeignClients.RepositoryRoot, "strategies/retail"), .. arguments]);
        _channel = _engine.Channel();
    }

    private async Task<Api.Customer> CustomerAsync(Api.CustomerIdentity identity) =>
        (await new Api.Customers.CustomersClient(_channel).GetAsync(new Api.GetRequest { Customer = identity }, _admin)).Customer;

    private async Task<string> KeyAsync(Action<Api.KeysCreateRequest> write)
    {
        var request = new Api.KeysCreateRequest { Name = "test" };
        write(request);
        return (await new Api.Keys.KeysClient(_channel).CreateAsync(request, _admin)).Text;
    }

    [GeneratedRegex("""^rpc_server_call_duration_seconds_count\{.*rpc_method="(?<method>[^"]+)".*rpc_response_status_code="(?<status>[A-Z_]+)".*\} (?<count>\d+)""", RegexOptions.Multiline)]
    private static partial Regex Call();
}
