using System.Text;

namespace Decisioning.Tests.Shared;

/// <summary>Bodies of the HTTP API that are good, and what may become of them on their way.</summary>
internal static class JsonMutation
{
    /// <summary>One of each kind, with where it goes.</summary>
    public static readonly (string Path, string Type, string Body)[] Bodies =
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

    /// <summary>A body with up to three things changed: bytes lost, doubled or others, values others.</summary>
    public static byte[] Mutate(Random random, byte[] body)
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
