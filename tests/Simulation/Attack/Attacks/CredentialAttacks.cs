using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Decisioning.Engine.Access;
using Decisioning.Simulation.Tests.Attack.Mutation;
using Decisioning.Simulation.Tests.Attack.Wire;
using Decisioning.Simulation.Tests.Load;
using Decisioning.Tests.Shared;
using Google.Protobuf;
using Grpc.Core;
using Api = Decisioning.V1;

namespace Decisioning.Simulation.Tests.Attack.Attacks;

/// <summary>Whoever has no credential, or not the right one, gets nothing.</summary>
internal static class CredentialAttacks
{
    private const int AtOnce = 16;
    private const string TooOften = "CREDENTIALS_TOO_OFTEN";
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    // Their scopes as docs/operations.md and docs/api.md have them; the openapi document says which routes there are.
    private static readonly Dictionary<string, string> RouteScopes = new(StringComparer.Ordinal)
    {
        ["/v1/events"] = "track", ["/v1/next-best-action"] = "decide", ["/v1/responses"] = "track", ["/v1/customer"] = "agent", ["/v1/customers"] = "admin",
        ["/v1/customer/export"] = "admin", ["/v1/customer/erase"] = "admin", ["/v1/cloudevents"] = "track", ["/v1/projects/{key}/settings"] = "track",
        ["/ofrep/v1/evaluate/flags"] = "decide", ["/ofrep/v1/evaluate/flags/{key}"] = "decide", ["/metrics"] = "admin", ["/openapi.json"] = "",
        ["/healthz"] = "open", ["/readyz"] = "open",
    };

    public static IEnumerable<Attack> All =>
    [
        new("every method and route × every credential", MatrixAsync),
        new("keys tried out", (arena, tally) => TryOutAsync(arena, tally, random => Arena.MadeUp(random))),
        new("tokens with forged signatures", TokensAsync),
    ];

    private static async Task MatrixAsync(Arena arena, Tally tally)
    {
        using var client = new RawClient(arena);
        var targets = SampleCalls.All.Select(call => new Target(call.Path, call.Scope, IsGrpc: true, key => CallAsync(client, call, key))).ToList();
        targets.AddRange(await RoutesAsync(arena, client, tally));
        foreach (var target in targets)
        {
            foreach (var (credential, key) in Bad(arena))
            {
                var answer = await PatientlyAsync(target, key);
                Judge(target, credential, answer, target.IsGrpc ? nameof(StatusCode.Unauthenticated) : "401");
            }

            foreach (var scope in (string[])["track", "decide", "agent", "author", "public"])
            {
                if (!Includes(scope, target.Scope))
                {
                    Judge(target, "key with " + scope, await target.SendAsync(arena.Key($"{Arena.Victim}/{scope}")), target.IsGrpc ? nameof(StatusCode.PermissionDenied) : "403");
                }
            }

            // The right scopes in another tenant: whatever the answer is, it holds nothing of this one.
            var foreign = await target.SendAsync(arena.Key($"{Arena.Attacker}/admin"));
            Judge(target, "key of another tenant", foreign, foreign.Outcome is "Internal" or "Unknown" or "500" ? "no failure" : foreign.Outcome);
        }

        await PublicAsync(arena, tally);

        void Judge(Target target, string credential, Answer answer, string expected)
        {
            tally.Judge(answer.Outcome, answer.Outcome == expected, () => $"{target.Path} with {credential}, expected {expected}: {answer.Text}");
            if (answer.Holds(Arena.Secret) || answer.Holds(BystanderCalls.CustomerPrefix))
            {
                tally.Find($"{target.Path} with {credential} told of another tenant's customer");
            }
        }
    }

    private static IEnumerable<(string Name, string? Key)> Bad(Arena arena) =>
    [
        ("no credential", null),
        ("an empty key", ""),
        ("nonsense", "nonsense"),
        ("a key that nobody made", Arena.MadeUp(arena.Random)),
        ("the id of a key with another secret", arena.Key($"{Arena.Victim}/admin")[..16] + Arena.MadeUp(arena.Random)[16..]),
        ("an expired key", arena.Key($"{Arena.Victim}/expired")),
        ("a revoked key", arena.Key($"{Arena.Victim}/revoked")),
        ("a token that nobody signed", "a.b.c"),
    ];

    private static bool Includes(string scope, string needed) =>
        needed.Length == 0 || AccessScopes.TryParse(scope == "public" ? "track decide" : scope, out var has) && AccessScopes.TryParse(needed, out var needs) && has.Expanded().HasFlag(needs);

    private static Task<Answer> CallAsync(RawClient client, SampleCall call, string? key) =>
        client.CallAsync(call.Path, GrpcFrame.Of(SampleCalls.About(call, Arena.SecretCustomer).ToByteArray()), key, ("grpc-timeout", "300m"));

    // While too many bad ones came, they are not judged: whoever waits is told the truth.
    private static async Task<Answer> PatientlyAsync(Target target, string? key)
    {
        while (true)
        {
            var answer = await target.SendAsync(key);
            if (answer.Outcome is not ("ResourceExhausted" or "429"))
            {
                return answer;
            }

            await Pause.ForAsync(BetweenTries);
        }
    }

    private static async Task<IEnumerable<Target>> RoutesAsync(Arena arena, RawClient client, Tally tally)
    {
        var document = await client.SendAsync(HttpMethod.Get, "/openapi.json", null, "", arena.Key($"{Arena.Victim}/admin"));
        using var json = JsonDocument.Parse(document.Body);
        var targets = new List<Target>();
        foreach (var path in json.RootElement.GetProperty("paths").EnumerateObject())
        {
            var scope = RouteScopes.GetValueOrDefault(path.Name) ?? (path.Name.StartsWith("/v1/", StringComparison.Ordinal) && path.Name.Count(c => c == '/') == 2 ? "track" : null);
            if (scope is null)
            {
                tally.Find($"nobody has said here who may call {path.Name}");
            }

            foreach (var method in path.Value.EnumerateObject().Where(_ => scope is not (null or "open")))
            {
                var (verb, address) = (new HttpMethod(method.Name.ToUpperInvariant()), path.Name.Replace("{key}", "hero", StringComparison.Ordinal));
                var query = verb == HttpMethod.Get && address == "/v1/customer" ? "?user_id=" + Arena.SecretCustomer : "";
                var body = verb == HttpMethod.Get ? null : Encoding.UTF8.GetBytes(Body(address));
                targets.Add(new($"{verb} {path.Name}", scope!, IsGrpc: false, key => client.SendAsync(verb, address + query, body, "application/json", key)));
            }
        }

        return targets;
    }

    private static string Body(string path) => path switch
    {
        "/v1/next-best-action" => $$"""{ "customer": { "user_id": "{{Arena.SecretCustomer}}" }, "channel": "web", "explain": "FULL" }""",
        "/v1/customer/export" or "/v1/customer/erase" => $$"""{ "customer": { "user_id": "{{Arena.SecretCustomer}}" } }""",
        _ when path.StartsWith("/ofrep/", StringComparison.Ordinal) => $$"""{ "context": { "targetingKey": "{{Arena.SecretCustomer}}", "channel": "web" } }""",
        _ => "{}",
    };

    // A public key has the scope, and still asks for no user, and sees no reasons.
    private static async Task PublicAsync(Arena arena, Tally tally)
    {
        var (decisions, key) = (new Api.Decisions.DecisionsClient(arena.Channel), arena.Bearer($"{Arena.Victim}/public"));
        var outcome = "OK";
        try
        {
            await decisions.NextBestActionAsync(new() { Customer = new() { UserId = Arena.SecretCustomer }, Channel = "web" }, key);
        }
        catch (RpcException e)
        {
            outcome = e.StatusCode.ToString();
        }

        tally.Judge(outcome, outcome == nameof(StatusCode.PermissionDenied), () => "a public key asked for a user");
        var answer = await decisions.NextBestActionAsync(new() { Customer = new() { AnonymousId = "visitor" }, Channel = "web", Explain = Api.ExplainLevel.Full, DryRun = true }, key);
        tally.Judge("OK", answer.Decision.Rules.Count == 0 && answer.Decision.Suppressed.Count == 0, () => "a public key was told reasons");
    }

    private static async Task TokensAsync(Arena arena, Tally tally)
    {
        // Making them up costs the attacker a signature each; the same few do as well.
        var now = TimeProvider.System.GetUtcNow();
        string[] forged = [.. Enumerable.Range(0, 50).Select(number => arena.Issuer.Token(now, token => (token.SigningCredentials, token.Claims["sub"]) = (arena.Issuer.Forged, $"{Arena.Canary}-{number}")))];
        await TryOutAsync(arena, tally, random => forged[random.Next(forged.Length)]);
    }

    private static async Task TryOutAsync(Arena arena, Tally tally, Func<Random, string> make)
    {
        using var client = new RawClient(arena);
        var (random, outcomes) = (new Random(arena.Random.Next()), new ConcurrentDictionary<string, int>(StringComparer.Ordinal));
        var left = arena.Options.Times(100_000);
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                string key;
                lock (random)
                {
                    key = make(random);
                }

                var answer = await client.CallAsync("/decisioning.v1.Keys/List", GrpcFrame.Of([]), key);
                tally.Judge(answer.Outcome, answer.Outcome is nameof(StatusCode.Unauthenticated) or nameof(StatusCode.ResourceExhausted), () => answer.Text);
            }
        })));
        if (tally.Of(nameof(StatusCode.ResourceExhausted)) == 0 && !arena.Options.IsQuick)
        {
            tally.Find($"nobody was told {TooOften}");
        }
    }

    private sealed record Target(string Path, string Scope, bool IsGrpc, Func<string?, Task<Answer>> SendAsync);
}
