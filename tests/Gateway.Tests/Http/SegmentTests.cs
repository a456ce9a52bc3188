using System.Net;
using System.Text;
using Decisioning.Tests.Shared;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Http;

[Collection(typeof(SharedServer))]
public sealed class SegmentTests(GatewayServer server)
{
    [Theory]
    [InlineData("/v1/track", "/v1/t", """ "event": "Product Viewed", "properties": { "price": 3 } """, "Product Viewed")]
    [InlineData("/v1/identify", "/v1/i", """ "traits": { "plan": "gold" } """, "Identified")]
    [InlineData("/v1/page", "/v1/p", """ "name": "Home", "category": "Shop" """, "Page Viewed")]
    [InlineData("/v1/screen", "/v1/s", """ "name": "Home" """, "Screen Viewed")]
    [InlineData("/v1/group", "/v1/g", """ "groupId": 17, "traits": { "size": 3 } """, "Grouped")]
    [InlineData("/v1/alias", "/v1/a", """ "previousId": "before" """, "Aliased")]
    public async Task Each_call_of_the_spec_records_its_event_under_both_of_its_paths(string path, string letter, string fields, string recorded)
    {
        foreach (var route in new[] { path, letter })
        {
            var user = GatewayServer.NewCustomer("segment");
            var answer = await server.PostAsync(route, $$"""{ "messageId": "m1", "userId": "{{user}}", {{fields}} }""");

            Assert.Equal((HttpStatusCode.OK, """{"success":true}"""), (answer.Status, answer.Body!.ToJsonString()));
            Assert.Equal(recorded, Assert.Single(await server.LogAsync(user)).Name);
        }
    }

    [Fact]
    public async Task A_batch_records_the_good_events_and_tells_of_the_bad_ones_by_their_own_names()
    {
        var user = GatewayServer.NewCustomer("segment");
        var answer = await server.PostAsync("/v1/batch", $$"""
            { "writeKey": null, "sentAt": "2026-03-02T10:00:00.000Z", "batch": [
              { "type": "track", "messageId": "a", "userId": "{{user}}", "event": "Product Viewed", "integrations": { "All": true }, "_metadata": {}, "nobody": "knows" },
              { "type": "track", "messageId": "b", "userId": "{{user}}" },
              { "type": "sing", "messageId": "c", "userId": "{{user}}" },
              7,
              { "type": "track", "messageId": "d", "event": "Product Viewed" },
              { "type": "track", "messageId": "e", "userId": "{{user}}", "event": "Product Viewed", "timestamp": "yesterday" },
              { "type": "track", "messageId": "f", "userId": "{{user}}", "event": "Product Viewed", "properties": { "price": 1e999 } },
              { "type": "track", "messageId": "g", "userId": "{{user}}", "event": "Product Viewed", "properties": { "name": "\ud83d" } },
              { "type": "track", "messageId": "h", "userId": "{{user}}", "event": "Product Viewed", "properties": { "a": 1, "a": 2 } },
              { "type": "track", "messageId": "i", "userId": "{{user}}", "event": "Product Viewed", "properties": { "price": "dear" } },
              { "type": "track", "messageId": "j", "userId": "{{user}}", "event": "Product Viewed", "properties": { "name": "\ud83d\ude00 \u00e9" } } ] }
            """);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal((true, 9), ((bool)answer.Body!["success"]!, (int)answer.Body["refused"]!));
        Assert.Equal(
            ["batch[1].event", "batch[2].type", "batch[3].", "batch[4].userId", "batch[5].timestamp", "batch[6].properties.price", "batch[7].properties.name", "batch[8].properties.a", "batch[9].properties.price"],
            answer.Fields.Order(StringComparer.Ordinal));
        Assert.Equal(["a", "j"], (await server.LogAsync(user)).Select(e => e.MessageId));
    }

    [Fact]
    public async Task A_repeated_batch_changes_nothing()
    {
        var user = GatewayServer.NewCustomer("segment");
        var body = Batch(user, 3);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/v1/batch", body)).Status);
        }

        Assert.Equal(3, await ViewsAsync(user));
    }

    [Fact]
    public async Task A_batch_of_more_events_than_one_of_our_calls_keeps_their_order()
    {
        var user = GatewayServer.NewCustomer("segment");
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/v1/batch", Batch(user, 1100))).Status);
        Assert.Equal(Enumerable.Range(0, 1100).Select(i => $"m{i}"), (await server.LogAsync(user)).Select(e => e.MessageId));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-8")]
    public async Task A_body_is_read_as_JSON_whatever_its_type_says_also_gzipped(string type)
    {
        var user = GatewayServer.NewCustomer("segment");
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/v1/batch", Batch(user, 1), type)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/v1/batch", HttpCalls.Gzip(Batch(user, 2)), type, "gzip")).Status);
        Assert.Equal(2, await ViewsAsync(user));
    }

    [Theory]
    [InlineData(""" "timestamp": "2026-03-02T08:00:00Z" """, "2026-03-02T08:00:00")]
    [InlineData(""" "timestamp": "2026-03-02T08:00:00+02:00" """, "2026-03-02T06:00:00")]
    [InlineData(""" "timestamp": "2026-03-02T08:00:00" """, "2026-03-02T08:00:00")]
    [InlineData(""" "timestamp": "2026-03-02T09:30:00Z", "sentAt": "2026-03-02T09:40:00Z" """, "2026-03-02T09:50:00")]
    [InlineData(""" "originalTimestamp": "2026-03-02T09:30:00Z", "timestamp": "2000-01-01T00:00:00Z", "sentAt": "2026-03-02T09:40:00Z" """, "2026-03-02T09:50:00")]
    [InlineData(""" "originalTimestamp": "2026-03-02T09:30:00Z", "timestamp": "2026-03-02T09:00:00Z", "sentAt": "2026-03-02T09:40:00Z", "receivedAt": "2026-03-02T09:10:00Z" """, "2026-03-02T09:00:00")]
    [InlineData(""" "timestamp": null, "sentAt": "2026-03-02T08:00:00Z" """, "2026-03-02T10:00:00")]
    public async Task An_event_happened_when_the_senders_clock_said_set_right_by_ours(string fields, string expected)
    {
        var user = GatewayServer.NewCustomer("segment");
        server.Clock.Now = TestClock.Start;
        var answer = await server.PostAsync("/v1/track", $$"""{ "messageId": "m", "userId": "{{user}}", "event": "Product Viewed", {{fields}} }""");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(expected, Assert.Single(await server.LogAsync(user)).Timestamp.UtcDateTime.ToString("s"));
    }

    [Fact]
    public async Task A_single_bad_event_is_refused_with_what_is_wrong()
    {
        var answer = await server.PostAsync("/v1/track", """{ "event": 7, "timestamp": "soon" }""");
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.Status, answer.ContentType));
        Assert.Equal(["event", "timestamp"], answer.Fields);

        answer = await server.PostAsync("/v1/track", """{ "event": "Product Viewed" }""");
        Assert.Equal((HttpStatusCode.BadRequest, "userId"), (answer.Status, Assert.Single(answer.Fields)));
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("{", 400)]
    [InlineData("[]", 400)]
    [InlineData("null", 400)]
    [InlineData("{\"batch\": {}}", 400)]
    [InlineData("{\"batch\": []}", 400)]
    [InlineData("{\"batch\": [ NaN ]}", 400)]
    [InlineData("{\"batch\": [ \"\u0000\" ]}", 400)]
    public async Task A_body_that_is_no_batch_is_refused_with_a_sentence(string body, int status)
    {
        var answer = await server.PostAsync("/v1/batch", body);
        Assert.Equal((status, "application/problem+json"), ((int)answer.Status, answer.ContentType));
        Assert.NotEqual("", (string)answer.Body!["detail"]!);
    }

    [Fact]
    public async Task A_body_nested_too_deep_too_many_events_and_too_many_bytes_are_refused()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await server.PostAsync("/v1/batch", new string('[', 100_000))).Status);
        Assert.Equal(["batch"], (await server.PostAsync("/v1/batch", Batch("nobody", 2501))).Fields);

        var bomb = HttpCalls.Gzip(new byte[200 * 1024 * 1024]);
        Assert.True(bomb.Length < 500 * 1024, "the bomb must be small to be one");
        var answer = await server.PostAsync("/v1/batch", bomb, encoding: "gzip");
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "TOO_LARGE"), (answer.Status, (string)answer.Body!["reason"]!));

        Assert.Equal(HttpStatusCode.BadRequest, (await server.PostAsync("/v1/batch", Encoding.UTF8.GetBytes("{}"), encoding: "gzip")).Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await server.PostAsync("/v1/batch", Encoding.UTF8.GetBytes("{}"), encoding: "br")).Status);
    }

    [Fact]
    public async Task A_key_in_the_body_is_judged_as_one_in_a_header()
    {
        var user = GatewayServer.NewCustomer("segment");
        var body = $$"""{ "writeKey": "demo", "messageId": "m", "userId": "{{user}}", "event": "Product Viewed" }""";
        var answer = await server.PostAsync("/v1/t", body, "text/plain");
        Assert.Equal((HttpStatusCode.Unauthorized, "CREDENTIAL_MALFORMED"), (answer.Status, (string)answer.Body!["reason"]!));
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.GetAsync("/v1/projects/demo/settings")).Status);
        Assert.Empty(await server.LogAsync(user));
    }

    private static string Batch(string user, int count) =>
        $$"""{ "batch": [ {{string.Join(", ", Enumerable.Range(0, count).Select(i => $$"""{ "type": "track", "messageId": "m{{i}}", "userId": "{{user}}", "event": "Product Viewed" }"""))}} ] }""";

    private async Task<double> ViewsAsync(string user) =>
        (await server.Customers.GetAsync(new Api.GetRequest { Customer = GatewayServer.User(user) })).Customer.Features.Fields["views"].NumberValue;
}
