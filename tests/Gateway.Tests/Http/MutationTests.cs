using System.Text;
using Decisioning.Tests.Shared;

namespace Decisioning.Gateway.Tests.Http;

/// <summary>Bodies that were good once: whatever becomes of them, the answer is one that a client understands.</summary>
[Collection(typeof(SharedServer))]
public sealed class MutationTests(GatewayServer server)
{
    private const int PerBody = 150;

    private static readonly (string Path, string Type, string Body)[] Bodies =
    [
        ("/v1/events", "application/json", """{ "events": [ { "message_id": "m1", "user_id": "u1", "event": "Product Viewed", "type": "TRACK", "properties": { "price": 3.5, "tags": [ "a", { "b": null } ] }, "timestamp": "2026-03-02T09:00:00Z" } ] }"""),
        ("/v1/next-best-action", "application/json", """{ "customer": { "user_id": "u1" }, "channel": "web", "placements": [ "hero" ], "max_items": 2, "explain": "FULL", "context": { "page": { "path": "/" } }, "min_sequence": "0" }"""),
        ("/v1/responses", "application/json", """{ "customer": { "anonymous_id": "a1" }, "responses": [ { "action": "welcome", "outcome": "CLICKED", "reward": 1.5, "occurred_at": "2026-03-02T09:00:00Z" } ] }"""),
        ("/v1/batch", "text/plain", """{ "sentAt": "2026-03-02T10:00:00Z", "batch": [ { "type": "identify", "messageId": "m2", "userId": 7, "traits": { "plan": "gold" } }, { "type": "alias", "messageId": "m3", "userId": "u1", "previousId": "p" } ] }"""),
        ("/v1/page", "application/json", """{ "messageId": "m4", "anonymousId": "a1", "name": "Home", "category": "Shop", "originalTimestamp": "2026-03-02T10:00:00.123+02:00" }"""),
        ("/v1/cloudevents", "application/cloudevents+json", """{ "specversion": "1.0", "id": "1", "source": "/s", "type": "Product Viewed", "subject": "u1", "time": "2026-03-02T10:00:00Z", "data": { "price": 3 } }"""),
        ("/v1/cloudevents", "application/cloudevents-batch+json", """[ { "specversion": "1.0", "id": "1", "source": "/s", "type": "Product Viewed", "subject": "u1", "data": { "price": 3 } } ]"""),
        ("/ofrep/v1/evaluate/flags/hero", "application/json", """{ "context": { "targetingKey": "u1", "channel": "web", "page": { "path": "/" } } }"""),
        ("/ofrep/v1/evaluate/flags", "application/json", """{ "context": { "targetingKey": "u1", "anonymous": true } }"""),
    ];

    private static readonly string[] Words =
        ["NaN", "1e999", "-1e-999", "null", "[]", "{}", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "true", "99999999999999999999", "\u202e", "😀", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "\"a\":1,\"a\":1", "0000-00-00", "9999-12-31T23:59:59.9999999-23:59"];

    [Fact]
    public async Task A_mutated_body_is_taken_or_refused_with_a_sentence()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        foreach (var (path, type, body) in Bodies)
        {
            for (var i = 0; i < PerBody; i++)
            {
                var mutated = Mutate(random, Encoding.UTF8.GetBytes(body));
                var answer = await server.PostAsync(path, mutated, type);
                var told = $"seed {seed}: {path} answered {(int)answer.Status} {answer.Body} to {Encoding.Latin1.GetString(mutated)}";

                Assert.True((int)answer.Status is 200 or 304 or 400 or 404 or 409, told);
                Assert.True((int)answer.Status == 304 || answer.Body is not null, told);
                Assert.True((int)answer.Status < 400 || (string?)answer.Body!["detail"] is { Length: > 0 } || (string?)answer.Body["errorDetails"] is { Length: > 0 }, told);
            }
        }
    }

    [Theory]
    [InlineData("/v1/page", """{ "\ud800": 1, "messageId": "m", "anonymousId": "a1" }""", 200)]
    [InlineData("/v1/page", """{ "\u006dessageId": "m", "anonymousId": "a2" }""", 200)]
    [InlineData("/v1/batch", """{ "\udead": 1, "batch": [ { "\ud800": 1, "type": "page", "messageId": "m", "anonymousId": "a3" } ] }""", 200)]
    [InlineData("/v1/page", """{ "messageId": "m", "anonymousId": "a4", "timestamp": "\ud800026-03-02T10:00:00Z" }""", 400)]
    [InlineData("/v1/events", """{ "events": [ { "timestamp": "\ud800026-03-02T10:00:00Z" } ] }""", 400)]
    [InlineData("/ofrep/v1/evaluate/flags/hero", """{ "\ud800": 1, "context": { "targetingKey": "a" } }""", 200)]
    [InlineData("/ofrep/v1/evaluate/flags/hero", """{ "\ud800": 1 }""", 400)]
    public async Task A_name_or_an_instant_that_is_no_text_is_no_failure_of_ours(string path, string body, int status) =>
        Assert.Equal(status, (int)(await server.PostAsync(path, body)).Status);

    private static byte[] Mutate(Random random, byte[] body)
    {
        var mutated = new List<byte>(body);
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var at = random.Next(mutated.Count);
            var count = Math.Min(random.Next(1, 20), mutated.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 1:
                    mutated.RemoveRange(at, count);
                    break;
                case 2:
                    mutated.InsertRange(at, mutated.GetRange(at, count));
                    break;
                case 3:
                    mutated.InsertRange(at, Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]));
                    break;
                default:
                    Replace(random, mutated);
                    break;
            }

            if (mutated.Count == 0)
            {
                break;
            }
        }

        return [.. mutated];
    }

    // A value becomes another one, so that the JSON stays whole and what reads it is asked.
    private static void Replace(Random random, List<byte> body)
    {
        var text = Encoding.Latin1.GetString([.. body]);
        var colons = text.Select((c, i) => (c, i)).Where(p => p.c == ':').Select(p => p.i).ToList();
        if (colons.Count == 0)
        {
            return;
        }

        var start = colons[random.Next(colons.Count)] + 1;
        var end = text.IndexOfAny([',', '}', ']'], start);
        if (end > start)
        {
            body.RemoveRange(start, end - start);
            body.InsertRange(start, Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]));
        }
    }
}
