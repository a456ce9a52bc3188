using System.Text;
using System.Text.Json;
using Decisioning.Simulation.Tests.Attack.Wire;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Api = Decisioning.V1;

namespace Decisioning.Simulation.Tests.Attack.Attacks;

/// <summary>
/// Texts that mean something to somebody behind the engine, wherever a text goes in. What became of them is looked at afterwards: in the log, in the
/// metrics, in the audit log and in exports.
/// </summary>
internal static class InjectionAttacks
{
    private const string Mark = Arena.Canary + "-injected";

    private static readonly string[] Texts =
    [
        "a\0b", "a\nb", "a\r\nwarn: forged[0] line", "\r\n12:00:00.000 fail: Forged[301] failed", new string('k', 10_000), "😀\u200d😀", "\u202etxt.exe", "\u2028\u2029\u0085", "' OR '1'='1' --",
        "'; DROP TABLE event; --", "\"}{\"a\":\"", "{\"$ne\":null}", "../../../../etc/passwd", "..%2f..%2f", "%00", "%0d%0aset-cookie: a=b", "{{7*7}}${7*7}<%= 7*7 %>", "{Count} {0} {Method}",
        "<script>alert(1)</script>", "$(id)`id`", "\u001b[31mred\u001b[0m", "a\",le=\"1\"} 1\nforged_metric{a=\"", "default/u/whoever-it-is", "/u/", "\ufeffa", "\ufffd", "a\tb", "=cmd|' /C calc'!A0",
    ];

    public static IEnumerable<Attack> All => [new("texts that mean something to somebody", InjectAsync)];

    private static async Task InjectAsync(Arena arena, Tally tally)
    {
        using var client = new RawClient(arena);
        var headers = arena.Bearer($"{Arena.Attacker}/admin");
        foreach (var text in Texts.Select(text => Mark + text))
        {
            await OverGrpcAsync(arena, tally, headers, text);
            await OverHttpAsync(client, arena, tally, text);
            await InHeadersAsync(client, arena, tally, text);
        }

        await ExportsAsync(client, arena, tally);
    }

    private static async Task OverGrpcAsync(Arena arena, Tally tally, Metadata headers, string text)
    {
        var (events, decisions, customers) = (new Api.Events.EventsClient(arena.Channel), new Api.Decisions.DecisionsClient(arena.Channel), new Api.Customers.CustomersClient(arena.Channel));
        var (keys, strategies, histories) = (new Api.Keys.KeysClient(arena.Channel), new Api.Strategies.StrategiesClient(arena.Channel), new Api.Histories.HistoriesClient(arena.Channel));
        Api.CustomerIdentity[] named = [new() { UserId = text }, new() { AnonymousId = text }, new() { External = new() { Namespace = "crm", Id = text } }, new() { External = new() { Namespace = text, Id = "1" } }];
        await TryAsync(async () => await events.TrackAsync(new() { Events = { Event(text, text) } }, headers));
        await TryAsync(async () => await events.TrackAsync(new() { Events = { Event(Mark + "-named", text) } }, headers));
        await TryAsync(async () => await strategies.ValidateAsync(new() { Source = new() { Files = { new Api.StrategyFile { Path = text, Text = text } } } }, headers));
        await TryAsync(async () => await strategies.PublishAsync(new() { ReplacesHash = text, Source = new() { Files = { new Api.StrategyFile { Path = "strategy.yaml", Text = "strategy: " + text } } } }, headers));
        await TryAsync(async () => await keys.CreateAsync(new() { Name = text, Scopes = { Api.Scope.Track }, Origins = { text } }, headers));
        await TryAsync(async () => await keys.CreateAsync(new() { Name = text, Scopes = { Api.Scope.Track } }, headers));
        await TryAsync(async () => await keys.RevokeAsync(new() { Id = text }, headers));
        await TryAsync(async () => await customers.ListAsync(new() { PageToken = text, Features = { text } }, headers));
        foreach (var customer in named)
        {
            await TryAsync(async () => await customers.GetAsync(new() { Customer = customer }, headers));
            await TryAsync(async () => await histories.StateAtAsync(new() { Customer = customer, At = new() { Seconds = 1 } }, headers));
            await TryAsync(async () => await customers.EraseAsync(new() { Customer = customer, ErasureRequestId = text }, headers));
            await TryAsync(async () => await decisions.NextBestActionAsync(
                new() { Customer = customer, Channel = text, Container = text, Placements = { text }, SessionId = text, DecisionRequestId = text, Context = Struct(text) }, headers));
            await TryAsync(async () => await decisions.CaptureResponseAsync(
                new() { Customer = customer, Responses = { new Api.ActionResponse { MessageId = text, Action = text, TrackingToken = text, Outcome = Api.Outcome.Clicked, Channel = text } } }, headers));
        }

        async Task TryAsync(Func<Task> call)
        {
            var outcome = nameof(StatusCode.OK);
            try
            {
                await call();
            }
            catch (RpcException e)
            {
                outcome = e.StatusCode.ToString();
            }

            tally.Judge(outcome, outcome is not (nameof(StatusCode.Internal) or nameof(StatusCode.Unknown) or nameof(StatusCode.Unavailable)), () => JsonSerializer.Serialize(text[..Math.Min(text.Length, 60)]));
        }
    }

    private static async Task OverHttpAsync(RawClient client, Arena arena, Tally tally, string text)
    {
        var key = arena.Key($"{Arena.Attacker}/admin");
        foreach (var path in (string[])["/v1/projects/{0}/settings", "/ofrep/v1/evaluate/flags/{0}", "/v1/{0}", "/{0}", "/v1/customer?user_id={0}", "/v1/customers?features={0}&page_token={0}"])
        {
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
            {
                var body = method == HttpMethod.Get ? null : Encoding.UTF8.GetBytes($$"""{ "context": { "targetingKey": {{JsonSerializer.Serialize(text)}} } }""");
                Judge(path, await client.SendAsync(method, path.Replace("{0}", Uri.EscapeDataString(text[..Math.Min(text.Length, 2_000)]), StringComparison.Ordinal), body, "application/json", key));
            }
        }

        var json = JsonSerializer.Serialize(text);
        Judge("segment", await client.SendAsync(HttpMethod.Post, "/v1/batch", Encoding.UTF8.GetBytes($$"""{ "batch": [ { "type": "track", "userId": {{json}}, "event": {{json}}, "messageId": {{json}}, "properties": { {{json}}: {{json}} }, "context": { "externalIds": [ { "id": {{json}}, "type": {{json}} } ] } } ] }"""), "application/json", key));
        Judge("segment's key", await client.SendAsync(HttpMethod.Post, "/v1/track", Encoding.UTF8.GetBytes($$"""{ "writeKey": {{json}}, "userId": {{json}} }"""), "text/plain", null));
        Judge("cloudevents", await client.SendAsync(HttpMethod.Post, "/v1/cloudevents", Encoding.UTF8.GetBytes($$"""{ "specversion": "1.0", "id": {{json}}, "source": {{json}}, "type": {{json}}, "subject": {{json}}, "data": { {{json}}: 1 } }"""), "application/cloudevents+json", key));

        void Judge(string what, Answer answer) =>
            tally.Judge(answer.Outcome, answer.Outcome.Length == 3 && answer.Outcome[0] is '2' or '3' or '4', () => $"{what}: {answer.Text}");
    }

    // Clients refuse to send line ends in headers; what they let through is tried here, the rest by frames written by hand.
    private static async Task InHeadersAsync(RawClient client, Arena arena, Tally tally, string text)
    {
        foreach (var name in (string[])["user-agent", "origin", "traceparent", "x-forwarded-for", "x-request-id", "ce-id", "ce-type", "baggage", "if-none-match", "x-api-key", "access-control-request-headers"])
        {
            var key = name == "x-api-key" ? null : arena.Key($"{Arena.Attacker}/admin");
            var answer = await client.SendAsync(HttpMethod.Post, "/v1/cloudevents", "{}"u8.ToArray(), "application/json", key, (name, text), ("ce-specversion", "1.0"), ("ce-source", text));
            tally.Judge(answer.Outcome, answer.Outcome.Length == 3 && answer.Outcome[0] is '2' or '4', () => $"{name}: {answer.Text}");
        }
    }

    /// <summary>What was taken comes out again as JSON that is well-formed.</summary>
    private static async Task ExportsAsync(RawClient client, Arena arena, Tally tally)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { customer = new { user_id = Mark + "-named" } });
        var export = await client.SendAsync(HttpMethod.Post, "/v1/customer/export", body, "application/json", arena.Key($"{Arena.Attacker}/admin"));
        var lines = Encoding.UTF8.GetString(export.Body).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var line in lines)
        {
            var isWhole = true;
            try
            {
                JsonDocument.Parse(line).Dispose();
            }
            catch (JsonException)
            {
                isWhole = false;
            }

            tally.Judge("line of an export", isWhole, () => line);
        }

        if (lines.Length < 3)
        {
            tally.Find($"the export has {lines.Length} lines: {export.Outcome}");
        }
    }

    private static Api.Event Event(string user, string text) => new()
    {
        Type = Api.EventType.Track,
        MessageId = text,
        UserId = user,
        Event_ = text,
        Properties = Struct(text),
        Context = Struct(text),
    };

    private static Struct Struct(string text) => new() { Fields = { ["text"] = Value.ForString(text), [text[..Math.Min(text.Length, 200)]] = Value.ForNumber(1) } };
}
