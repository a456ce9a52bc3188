using Decisioning.Tests.Shared;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Api = Decisioning.V1;

namespace Decisioning.Clients.Tests;

/// <summary>nghttp2's h2load, which knows HTTP/2 and nothing of gRPC, sends the same body over and over.</summary>
public sealed class LoadTests(ClientEngine engine) : IClassFixture<ClientEngine>
{
    private const int Calls = 2000;

    [Fact]
    public async Task The_same_event_from_many_connections_at_once_is_answered_each_time_and_counts_once()
    {
        await LoadAsync("decisioning.v1.Events/Track", new Api.TrackRequest { Events = { Viewed("1", "loaded") } });

        var loaded = await engine.UserAsync("loaded");
        Assert.Equal((1, 1), (loaded.Sequence, loaded.Features.Fields["views_1d"].NumberValue));
    }

    [Fact]
    public async Task The_same_question_with_an_event_is_answered_each_time_and_its_event_counts_once()
    {
        await LoadAsync("decisioning.v1.Decisions/NextBestAction", new Api.NextBestActionRequest
        {
            Customer = new() { UserId = "asked" }, Channel = "web", Placements = { "hero" }, DecisionRequestId = "1", Events = { Viewed("1", "asked") },
        });

        var asked = await engine.UserAsync("asked");
        Assert.Equal((1, 1), (asked.Sequence, asked.Features.Fields["views_1d"].NumberValue));
    }

    private async Task LoadAsync(string method, IMessage request)
    {
        var body = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(body, GrpcFrame.Of(request));
            var run = await ForeignClients.ProgramAsync(
                "h2load", "-n", $"{Calls}", "-c", "4", "-m", "20", "-d", body, "-H", "content-type: application/grpc", "-H", "te: trailers",
                "-H", $"authorization: Bearer {engine.SecretKey}", $"http://{engine.Grpc}/{method}");

            Assert.Contains($" {Calls} succeeded, 0 failed, 0 errored, 0 timeout", run.Output, StringComparison.Ordinal);
            Assert.Contains($"status codes: {Calls} 2xx,", run.Output, StringComparison.Ordinal);

            // HTTP's status is 200 whatever became of a call of gRPC: how each ended is in the engine's own count.
            Assert.Equal(new Dictionary<string, int> { ["OK"] = Calls }, await engine.CallsAsync(method));
        }
        finally
        {
            File.Delete(body);
        }
    }

    private static Api.Event Viewed(string id, string user) => new()
    {
        MessageId = id, UserId = user, Event_ = "Product Viewed", Properties = new Struct { Fields = { ["price"] = Value.ForNumber(39.9) } },
    };
}
