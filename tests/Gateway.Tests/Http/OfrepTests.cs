using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Decisioning.Tests.Shared;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Http;

public sealed class OfrepTests : IAsyncLifetime
{
    private const string Path = "/ofrep/v1/evaluate/flags";
    private readonly GatewayServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("hero")]
    [InlineData("home.hero")]
    public async Task A_flag_is_a_placement_and_its_variant_the_action(string key)
    {
        await ViewAsync("ann");
        var flag = await EvaluateAsync(key, """{ "targetingKey": "ann", "channel": "web" }""");

        Assert.Equal((key, "welcome", "TARGETING_MATCH", """{"text":"Welcome"}"""), ((string?)flag["key"], (string?)flag["variant"], (string?)flag["reason"], flag["value"]!.ToJsonString()));
        Assert.Equal(1, (int)flag["metadata"]!["strategyVersion"]!);
        Assert.All(flag["metadata"]!.AsObject(), entry => Assert.IsType<JsonValue>(entry.Value, exactMatch: false));

        var captured = await _server.Decisions.CaptureResponseAsync(new Api.CaptureResponseRequest
        {
            Customer = GatewayServer.User("ann"),
            Responses = { new Api.ActionResponse { TrackingToken = (string)flag["metadata"]!["trackingToken"]!, Outcome = Api.Outcome.Impression } },
        });
        Assert.Equal(Api.EventStatus.Applied, captured.Acks[0].Status);
    }

    [Fact]
    public async Task Where_nothing_is_offered_the_value_is_empty_and_the_reason_the_default()
    {
        var flag = await EvaluateAsync("hero", """{ "targetingKey": "stranger" }""");
        Assert.Equal(("DEFAULT", "{}", null), ((string?)flag["reason"], flag["value"]!.ToJsonString(), (string?)flag["variant"]));
    }

    [Fact]
    public async Task A_flag_asked_for_again_in_the_same_situation_is_the_same_decision()
    {
        await ViewAsync("ann");
        var first = await EvaluateAsync("hero", """{ "targetingKey": "ann" }""");
        var again = await EvaluateAsync("hero", """{ "targetingKey": "ann" }""");
        var otherwise = await EvaluateAsync("hero", """{ "targetingKey": "ann", "page": "cart" }""");
        Assert.Equal(first.ToJsonString(), again.ToJsonString());
        Assert.NotEqual((string?)first["metadata"]!["decisionId"], (string?)otherwise["metadata"]!["decisionId"]);
    }

    [Fact]
    public async Task All_flags_come_with_a_tag_that_holds_until_something_changes()
    {
        var empty = await _server.PostAsync(Path, """{ "context": { "targetingKey": "bea" } }""");
        Assert.Equal(["hero DEFAULT"], empty.Body!["flags"]!.AsArray().Select(flag => $"{flag!["key"]} {flag["reason"]}"));
        Assert.Equal(HttpStatusCode.NotModified, (await BulkAsync("bea", empty.Headers.ETag!.Tag)).Status);

        await ViewAsync("bea");
        var changed = await BulkAsync("bea", empty.Headers.ETag.Tag);
        Assert.Equal((HttpStatusCode.OK, "welcome"), (changed.Status, (string?)changed.Body!["flags"]![0]!["variant"]));
        Assert.Equal(HttpStatusCode.NotModified, (await BulkAsync("bea", $"\"other\", W/{changed.Headers.ETag!.Tag}")).Status);
    }

    [Fact]
    public async Task A_visitor_is_asked_for_as_one()
    {
        await _server.TrackAsync(new Api.Event { MessageId = "1", AnonymousId = "v1", Event_ = "Product Viewed" });
        Assert.Equal("welcome", (string?)(await EvaluateAsync("hero", """{ "targetingKey": "v1", "anonymous": true }"""))["variant"]);
        Assert.Null((await EvaluateAsync("hero", """{ "targetingKey": "v1" }"""))["variant"]);
    }

    [Theory]
    [InlineData("hero", "{", 400, "PARSE_ERROR")]
    [InlineData("hero", "", 400, "PARSE_ERROR")]
    [InlineData("hero", "{}", 400, "TARGETING_KEY_MISSING")]
    [InlineData("hero", "[]", 400, "TARGETING_KEY_MISSING")]
    [InlineData("hero", """{ "context": {} }""", 400, "TARGETING_KEY_MISSING")]
    [InlineData("hero", """{ "context": { "targetingKey": 7 } }""", 400, "TARGETING_KEY_MISSING")]
    [InlineData("hero", """{ "context": 7 }""", 400, "INVALID_CONTEXT")]
    [InlineData("hero", """{ "context": { "targetingKey": "ann", "a": "\ud800" } }""", 400, "INVALID_CONTEXT")]
    [InlineData("hero", """{ "context": { "targetingKey": "ann", "a": 1e999 } }""", 400, "INVALID_CONTEXT")]
    [InlineData("nowhere", """{ "context": { "targetingKey": "ann" } }""", 404, "FLAG_NOT_FOUND")]
    [InlineData(".hero", """{ "context": { "targetingKey": "ann" } }""", 404, "FLAG_NOT_FOUND")]
    public async Task What_cannot_be_evaluated_has_the_error_code_of_OpenFeature(string key, string body, int status, string code)
    {
        var answer = await _server.PostAsync($"{Path}/{key}", body);
        Assert.Equal((status, "application/json", key, code), ((int)answer.Status, answer.ContentType, (string?)answer.Body!["key"], (string?)answer.Body["errorCode"]));
        Assert.NotEqual("", (string?)answer.Body["errorDetails"]);
    }

    private async Task ViewAsync(string user) =>
        Assert.Equal(["Applied 1"], await _server.TrackAsync(new Api.Event { MessageId = "1", UserId = user, Event_ = "Product Viewed" }));

    private async Task<JsonNode> EvaluateAsync(string key, string context)
    {
        var answer = await _server.PostAsync($"{Path}/{key}", $$"""{ "context": {{context}} }""");
        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.Status, answer.ContentType));
        return answer.Body!;
    }

    private Task<HttpAnswer> BulkAsync(string user, string tag)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent($$"""{ "context": { "targetingKey": "{{user}}" } }""", Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        return _server.SendAsync(request);
    }
}
