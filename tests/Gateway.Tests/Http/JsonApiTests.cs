using System.Net;
using System.Text.Json.Nodes;
using Decisioning.Tests.Shared;

namespace Decisioning.Gateway.Tests.Http;

[Collection(typeof(SharedServer))]
public sealed class JsonApiTests(GatewayServer server)
{
    [Fact]
    public async Task Events_decisions_responses_and_customers_go_over_HTTP_as_over_gRPC()
    {
        var user = GatewayServer.NewCustomer("json");
        var tracked = await server.PostAsync("/v1/events", $$"""
            { "events": [ { "messageId": "m1", "user_id": "{{user}}", "event": "Product Viewed", "type": "TRACK", "properties": { "price": 3 } },
                          { "message_id": "m2", "userId": "{{user}}", "event": "" } ] }
            """);
        Assert.Equal(HttpStatusCode.OK, tracked.Status);
        Assert.Equal(["EVENT_STATUS_APPLIED 1", "EVENT_STATUS_REJECTED 0"], tracked.Body!["acks"]!.AsArray().Select(ack => $"{ack!["status"]} {ack["sequence"]}"));
        Assert.Equal("events[1].event", (string?)tracked.Body["acks"]![1]!["violations"]![0]!["field"]);

        var decided = await server.PostAsync("/v1/next-best-action", $$"""{ "customer": { "user_id": "{{user}}" }, "channel": "web", "placements": ["hero"], "min_sequence": 1 }""");
        var item = decided.Body!["decision"]!["items"]![0]!;
        Assert.Equal(("welcome", "Welcome", "[]"), ((string?)item["action"], (string?)item["content"]!["text"], decided.Body["acks"]!.ToJsonString()));

        var responded = await server.PostAsync("/v1/responses", $$"""{ "customer": { "user_id": "{{user}}" }, "responses": [ { "tracking_token": "{{item["tracking_token"]}}", "outcome": "clicked" } ] }""");
        Assert.Equal("EVENT_STATUS_APPLIED", (string?)responded.Body!["acks"]![0]!["status"]);

        var customer = (await server.GetAsync($"/v1/customer?user_id={user}&min_sequence=2")).Body!["customer"]!;
        Assert.Equal((user, "2", 1.0), ((string?)customer["identity"]!["user_id"], (string?)customer["sequence"], (double)customer["features"]!["views"]!));

        var listed = await server.GetAsync("/v1/customers?features=views&features=orders&page_size=1000&include_anonymous=true");
        var row = listed.Body!["customers"]!.AsArray().Single(other => (string?)other!["identity"]!["user_id"] == user)!;
        Assert.Equal("""{"orders":0,"views":1}""", row["features"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{ "evnts": [] }""", "evnts")]
    [InlineData("""{ "events": {} }""", "events")]
    [InlineData("""{ "events": [ 7 ] }""", "events[0]")]
    [InlineData("""{ "events": [ { "user_id": 7 } ] }""", "events[0].user_id")]
    [InlineData("""{ "events": [ { "userId": "a", "user_id": "a" } ] }""", "events[0].user_id")]
    [InlineData("""{ "events": [ { "type": "SING" } ] }""", "events[0].type")]
    [InlineData("""{ "events": [ { "timestamp": "today" } ] }""", "events[0].timestamp")]
    [InlineData("""{ "events": [ { "properties": [] } ] }""", "events[0].properties")]
    [InlineData("""{ "events": [ { "properties": { "a": 1, "a": 1 } } ] }""", "events[0].properties.a")]
    [InlineData("""{ "events": [ { "properties": { "a": [ "\udead" ] } } ] }""", "events[0].properties.a[0]")]
    [InlineData("""{ "events": [ { "user_id": "\udead" } ] }""", "events[0].user_id")]
    [InlineData("""{ "events": [ { "\udead": 1 } ] }""", "events[0].")]
    [InlineData("""{ "events": [] }""", "events")]
    [InlineData("""[]""", "")]
    public async Task A_mistake_is_told_by_its_field(string body, string field)
    {
        var answer = await server.PostAsync("/v1/events", body);
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json", "INVALID_ARGUMENT"), (answer.Status, answer.ContentType, (string?)answer.Body!["reason"]));
        Assert.Equal(field, Assert.Single(answer.Fields));
        Assert.All(answer.Body["errors"]!.AsArray(), error => Assert.NotEqual("", (string)error!["cure"]!));
    }

    [Fact]
    public async Task All_mistakes_are_told_at_once()
    {
        var answer = await server.PostAsync("/v1/next-best-action", """{ "customer": { "user_id": "a", "anonymous_id": "b" }, "max_items": 1.5, "min_sequence": "9x", "dry_run": "yes", "explain": 99, "context": 1 }""");
        Assert.Equal(["context", "customer.anonymous_id", "dry_run", "explain", "max_items", "min_sequence"], answer.Fields.Order(StringComparer.Ordinal));

        answer = await server.PostAsync("/v1/next-best-action", """{ "customer": {}, "max_items": 99 }""");
        Assert.Equal(["customer", "max_items"], answer.Fields.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/v1/customer", "customer")]
    [InlineData("/v1/customer?user_id=a&anonymous_id=b", "customer.anonymous_id")]
    [InlineData("/v1/customer?user_id=a&user_id=b", "customer.user_id")]
    [InlineData("/v1/customer?customer=a", "customer")]
    [InlineData("/v1/customer?user_id=a&min_sequence=x", "min_sequence")]
    [InlineData("/v1/customer?user=a", "user")]
    [InlineData("/v1/customers?page_size=1e9", "page_size")]
    [InlineData("/v1/customers?include_anonymous=perhaps", "include_anonymous")]
    public async Task A_mistake_in_the_query_is_told_by_its_field(string path, string field)
    {
        var answer = await server.GetAsync(path);
        Assert.Equal((HttpStatusCode.BadRequest, field), (answer.Status, Assert.Single(answer.Fields)));
    }

    [Fact]
    public async Task What_is_not_as_things_stand_is_a_conflict()
    {
        var answer = await server.GetAsync("/v1/customer?user_id=nobody&min_sequence=5");
        Assert.Equal((HttpStatusCode.Conflict, "FAILED_PRECONDITION"), (answer.Status, (string?)answer.Body!["reason"]));

        await using var empty = new GatewayServer(null);
        await empty.StartAsync();
        answer = await empty.PostAsync("/v1/next-best-action", """{ "customer": { "user_id": "a" } }""");
        Assert.Equal((HttpStatusCode.Conflict, "FAILED_PRECONDITION"), (answer.Status, (string?)answer.Body!["reason"]));
    }

    [Fact]
    public async Task While_the_store_is_away_callers_are_told_when_to_come_back()
    {
        await using var own = new GatewayServer();
        await own.InitializeAsync();
        own.Store.FailNext(Storage.Memory.StoreFault.BeforeCommit);
        var answer = await own.PostAsync("/v1/events", """{ "events": [ { "message_id": "m", "user_id": "a", "event": "Product Viewed" } ] }""");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "UNAVAILABLE"), (answer.Status, (string?)answer.Body!["reason"]));
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task The_document_says_every_route_and_what_the_proto_files_say()
    {
        var document = (await server.GetAsync("/openapi.json")).Body!.AsObject();
        var described = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key} {path.Key}")).Order(StringComparer.Ordinal);

        Assert.Equal(PlainRoutes().Order(StringComparer.Ordinal), described);
        Assert.Equal("What is known of a customer.", (string?)document["components"]!["schemas"]!["Customer"]!["description"]);
        Assert.Contains("Needed.", (string?)document["components"]!["schemas"]!["NextBestActionRequest"]!["properties"]!["customer"]!["description"], StringComparison.Ordinal);
        Assert.Contains("It was clicked.", (string?)document["components"]!["schemas"]!["Outcome"]!["description"], StringComparison.Ordinal);
        Assert.Contains("Needs the scope `agent`.", (string?)document["paths"]!["/v1/customer"]!["get"]!["description"], StringComparison.Ordinal);
        Assert.All(References(document), reference => Assert.NotNull(reference[2..].Split('/').Aggregate((JsonNode?)document, (node, part) => node?[part])));
    }

    private IEnumerable<string> PlainRoutes() =>
        from endpoint in ((Microsoft.AspNetCore.Routing.EndpointDataSource)server.Services.GetService(typeof(Microsoft.AspNetCore.Routing.EndpointDataSource))!).Endpoints.OfType<Microsoft.AspNetCore.Routing.RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<Grpc.AspNetCore.Server.GrpcMethodMetadata>() is null && endpoint.DisplayName?.Contains("unimplemented", StringComparison.OrdinalIgnoreCase) != true
        from method in endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select $"{method.ToLowerInvariant()} {endpoint.RoutePattern.RawText}";

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => member.Key == "$ref" ? [(string)member.Value!] : References(member.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };
}
