using Decisioning.Engine.Access;
using Decisioning.Simulation.Tests.Load;
using Decisioning.Simulation.Tests.Torture;
using Decisioning.Storage;
using Decisioning.Tests.Shared;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Api = Decisioning.V1;

namespace Decisioning.Simulation.Tests.Attack;

/// <summary>An engine on the embedded store with two tenants: one whose callers behave, and one whose holder attacks.</summary>
internal sealed class Arena : IAsyncDisposable
{
    /// <summary>The tenant that must notice nothing.</summary>
    public const string Victim = "default";

    /// <summary>The tenant of the attacker.</summary>
    public const string Attacker = "mallory";

    /// <summary>Known of the victim's customer <see cref="SecretCustomer"/>, and to be seen by nobody else.</summary>
    public const string Secret = "kanarie-secret-4711";

    /// <summary>Whose profile holds the <see cref="Secret"/>.</summary>
    public const string SecretCustomer = "whoever-it-is";

    /// <summary>Part of what attackers send as ids and contents; no line of the log may hold it.</summary>
    public const string Canary = "kanarie";

    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);
    private readonly SqliteTorture _store = new();
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);

    private Arena(AttackOptions options) => (Options, Random) = (options, new Random(options.Seed));

    public AttackOptions Options { get; }

    /// <summary>The run's chance; for one task at a time.</summary>
    public Random Random { get; }

    public SiloProcess Engine { get; private set; } = null!;

    public TestIssuer Issuer { get; private set; } = null!;

    public GrpcChannel Channel { get; private set; } = null!;

    public Uri Grpc => new(Engine.GrpcAddress);

    public Uri Http => new(Engine.HttpAddress);

    /// <summary>The key of a tenant with a role: <c>default/admin</c>, <c>mallory/track</c>, <c>default/public</c>, <c>default/expired</c>, <c>default/revoked</c>.</summary>
    public string Key(string name) => _keys[name];

    /// <summary>The headers of a call with a key.</summary>
    public Metadata Bearer(string name) => new() { { "authorization", "Bearer " + _keys[name] } };

    /// <summary>A key that nobody made.</summary>
    public static string MadeUp(Random random)
    {
        var bytes = new byte[KeyText.RandomBytes];
        random.NextBytes(bytes);
        return KeyText.Make(bytes).Text;
    }

    /// <summary>Starts it all.</summary>
    public static async Task<Arena> OpenAsync(AttackOptions options)
    {
        var arena = new Arena(options) { Issuer = await TestIssuer.StartAsync() };
        try
        {
            await arena.MakeKeysAsync();
            await arena.StartAsync();
            await arena.SettleAsync();
            return arena;
        }
        catch
        {
            await arena.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the engine says that it is ready; false when it does not.</summary>
    public async Task<bool> IsReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = Http, Timeout = WaitMax };
        for (var left = 50; left > 0; left--)
        {
            try
            {
                using var answer = await http.GetAsync("/readyz");
                if (answer.IsSuccessStatusCode)
                {
                    return true;
                }
            }
            catch (HttpRequestException)
            {
                // Asked again.
            }
            catch (OperationCanceledException)
            {
                // Asked again.
            }

            await Pause.ForAsync(BetweenTries);
        }

        return false;
    }

    /// <summary>Connections and requests that are open, as the engine counts them.</summary>
    public async Task<(double Connections, double Requests)> OpenAsync()
    {
        using var http = new HttpClient { BaseAddress = Http, DefaultRequestHeaders = { { "x-api-key", Key($"{Victim}/admin") }, { "connection", "close" } } };
        var text = await http.GetStringAsync("/metrics");
        return (Sum("kestrel_active_connections"), Sum("http_server_active_requests"));

        double Sum(string metric) => text.Split('\n').Where(line => line.StartsWith(metric, StringComparison.Ordinal)).Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..]));
    }

    public async ValueTask DisposeAsync()
    {
        Channel?.Dispose();
        if (Engine is not null)
        {
            await Engine.DisposeAsync();
        }

        await Issuer.DisposeAsync();
        await _store.DisposeAsync();
    }

    private async Task MakeKeysAsync()
    {
        await using var opened = _store.Open();
        var keys = opened.GetRequiredService<IKeyStore>();
        foreach (var tenant in (string[])[Victim, Attacker])
        {
            foreach (var scope in (AccessScope[])[AccessScope.Track, AccessScope.Decide, AccessScope.Agent, AccessScope.Author, AccessScope.Admin])
            {
                await AddAsync(scope.Text(), key => key with { Scopes = scope });
            }

            await AddAsync("public", key => key with { Scopes = AccessScopes.Public, IsPublic = true, Origins = [AccessKey.AnyOrigin] });
            await AddAsync("expired", key => key with { ExpiresAt = key.CreatedAt });
            await AddAsync("revoked", key => key with { RevokedAt = key.CreatedAt });

            async Task AddAsync(string name, Func<AccessKey, AccessKey> change)
            {
                var bytes = new byte[KeyText.RandomBytes];
                Random.NextBytes(bytes);
                var (text, id, hash) = KeyText.Make(bytes);
                var key = new AccessKey(id, tenant, name, AccessScope.Admin, hash, TimeProvider.System.GetUtcNow().AddDays(-1), "local");
                Assert.True(await keys.AddKeyAsync(change(key), CancellationToken.None));
                _keys[$"{tenant}/{name}"] = text;
            }
        }
    }

    private async Task StartAsync()
    {
        Engine = await SiloProcess.ReadyAsync(
        [
            .. _store.Arguments,
            "--strategy", Path.Combine(AppContext.BaseDirectory, "strategy"),
            "--Decisioning:Access:Mode", "Required",
            "--Decisioning:Access:Jwt:Authority", Issuer.Address,
            "--Decisioning:Access:Jwt:Audience", TestIssuer.Audience,
        ]);
        Channel = GrpcChannel.ForAddress(Engine.GrpcAddress);
    }

    // The attacker's tenant has a strategy of its own; the victim has a customer that somebody could want to see.
    private async Task SettleAsync()
    {
        var published = await new Api.Strategies.StrategiesClient(Channel).PublishAsync(
            new() { Source = new() { Files = { new Api.StrategyFile { Path = "strategy.yaml", Text = TestStrategies.Shop } } } }, Bearer($"{Attacker}/admin"));
        Assert.Empty(published.Errors);
        var told = await new Api.Events.EventsClient(Channel).TrackAsync(
            new() { Events = { new Api.Event { Type = Api.EventType.Identify, MessageId = "secret-1", UserId = SecretCustomer, Traits = new() { Fields = { ["city"] = Google.Protobuf.WellKnownTypes.Value.ForString(Secret) } } } } },
            Bearer($"{Victim}/admin"));
        Assert.Equal(Api.EventStatus.Applied, told.Acks.Single().Status);
    }
}
