using System.Text;
using Decisioning.Tests.Shared;

namespace Decisioning.Gateway.Tests.Http;

/// <summary>Bodies that were good once: whatever becomes of them, the answer is one that a client understands.</summary>
[Collection(typeof(SharedServer))]
public sealed class MutationTests(GatewayServer server)
{
    private const int PerBody = 150;

    [Fact]
    public async Task A_mutated_body_is_taken_or_refused_with_a_sentence()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        foreach (var (path, type, body) in JsonMutation.Bodies)
        {
            for (var i = 0; i < PerBody; i++)
            {
                var mutated = JsonMutation.Mutate(random, Encoding.UTF8.GetBytes(body));
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
}
