using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Decisioning.Tests.Shared;

namespace Decisioning.Gateway.Tests.Http;

[Collection(typeof(SharedServer))]
public sealed class CloudEventTests(GatewayServer server)
{
    private const string Path = "/v1/cloudevents";
    private const string Structured = "application/cloudevents+json";
    private const string Batched = "application/cloudevents-batch+json";

    [Fact]
    public async Task The_same_event_in_all_three_forms_is_one_event()
    {
        var user = GatewayServer.NewCustomer("cloud");
        var json = $$"""
            { "specversion": "1.0", "id": "17", "source": "/shop", "type": "Product Viewed", "subject": "{{user}}", "anonymousid": "visitor-é", "time": "2026-03-02T09:00:00Z",
              "datacontenttype": "application/json", "traceparent": "00-1", "data": { "price": 3 } }
            """;
        Assert.Equal("EVENT_STATUS_APPLIED", Status(await server.PostAsync(Path, json, Structured + "; charset=utf-8")));
        Assert.Equal("EVENT_STATUS_DUPLICATE", Status(await server.PostAsync(Path, $"[ {json} ]", Batched)));
        Assert.Equal("EVENT_STATUS_DUPLICATE", Status(await BinaryAsync("""{ "price": 3 }""", "application/json", ("id", "17"), ("source", "/shop"), ("type", "Product%20Viewed"), ("subject", user), ("anonymousid", "visitor-%C3%A9"), ("time", "2026-03-02T09:00:00Z"))));

        var recorded = Assert.Single(await server.LogAsync(user));
        Assert.Equal(("/shop 17", "Product Viewed", new DateTime(2026, 3, 2, 9, 0, 0)), (recorded.MessageId, recorded.Name, recorded.Timestamp.UtcDateTime));
        Assert.Equal(3, recorded.Properties["price"].AsDouble());
    }

    [Fact]
    public async Task A_bad_event_of_a_batch_keeps_no_other_out()
    {
        var user = GatewayServer.NewCustomer("cloud");
        string Event(string id, string more) => $$"""{ "specversion": "1.0", "id": "{{id}}", "source": "/shop", "type": "Product Viewed", "subject": "{{user}}", {{more}} }""";
        var answer = await server.PostAsync(Path, $$"""[ {{Event("1", "\"data\": { \"price\": \"dear\" }")}}, 3, {{Event("2", "\"data\": \"text\"")}}, {{Event("3", "\"time\": \"soon\"")}}, {{Event("4", "\"data_base64\": \"AAAA\"")}}, {{Event("5", "\"data\": null")}} ]""", Batched);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var acks = answer.Body!["acks"]!.AsArray();
        Assert.Equal(["[0].data.price", "[1].", "[2].data", "[3].time", "[4].data_base64"], acks.Take(5).Select(ack => (string)ack!["violations"]![0]!["field"]!));
        Assert.Equal("EVENT_STATUS_APPLIED", (string?)acks[5]!["status"]);
        Assert.Equal("/shop 5", Assert.Single(await server.LogAsync(user)).MessageId);
    }

    [Theory]
    [InlineData("id", "")]
    [InlineData("source", "")]
    [InlineData("source", "a b")]
    [InlineData("type", "")]
    [InlineData("specversion", "0.3")]
    [InlineData("time", "noon")]
    [InlineData("subject", "")]
    public async Task An_attribute_that_is_missing_or_wrong_is_named(string attribute, string value)
    {
        var attributes = new Dictionary<string, string> { ["id"] = "1", ["source"] = "/shop", ["type"] = "Product Viewed", ["subject"] = "nobody", [attribute] = value };
        var answer = await BinaryAsync("{}", "application/json", [.. attributes.Select(a => (a.Key, a.Value))]);
        Assert.Equal((HttpStatusCode.BadRequest, attribute), (answer.Status, answer.Fields[0]));
    }

    [Theory]
    [InlineData("{}", "application/json", 415)]
    [InlineData("<a/>", "application/xml", 415)]
    [InlineData("{}", "application/cloudevents+avro", 415)]
    [InlineData("{", Structured, 400)]
    [InlineData("{}", Batched, 400)]
    [InlineData("[]", Batched, 400)]
    public async Task What_is_no_CloudEvent_is_refused_with_a_sentence(string body, string type, int status)
    {
        var answer = await server.PostAsync(Path, body, type);
        Assert.Equal((status, "application/problem+json"), ((int)answer.Status, answer.ContentType));
    }

    private static string? Status(HttpAnswer answer) => (string?)answer.Body!["acks"]?[0]!["status"] ?? answer.Body.ToJsonString();

    private Task<HttpAnswer> BinaryAsync(string body, string type, params (string Name, string Value)[] attributes)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } } };
        foreach (var (name, value) in attributes.Where(a => a.Name != "specversion").Append(("specversion", attributes.LastOrDefault(a => a.Name == "specversion").Value ?? "1.0")))
        {
            request.Headers.TryAddWithoutValidation("ce-" + name, value);
        }

        return server.SendAsync(request);
    }
}
