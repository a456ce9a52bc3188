using Decisioning.Tests.Shared;
using Decisioning.V1;

namespace Decisioning.Silo.Tests;

public sealed class TraceTests : IDisposable
{
    private const int Server = 2;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("decisioning-silo-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_decision_is_traced_from_the_call_to_the_grain_and_an_event_to_its_commit_without_saying_whose_they_are()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "strategy.yaml"), TestStrategies.Shop);
        await using var receiver = new OtlpReceiver();
        await receiver.StartAsync();
        await using (var silo = await SiloProcess.ReadyAsync(
            "--data", Path.Combine(_folder.FullName, "data"),
            "--strategy", _folder.FullName,
            "--Decisioning:Telemetry:OtlpEndpoint", receiver.Address,
            "--Decisioning:Telemetry:OtlpProtocol", "http"))
        {
            using var channel = silo.Channel();
            await new Events.EventsClient(channel).TrackAsync(new TrackRequest
            {
                Events = { new Event { Type = EventType.Track, MessageId = "message-7", UserId = "ann-the-customer", Event_ = "Product Viewed" } },
            });
            await new V1.Decisions.DecisionsClient(channel).NextBestActionAsync(new NextBestActionRequest { Customer = new() { UserId = "ann-the-customer" }, Channel = "web" });

            // What is not yet sent is sent at the end.
            Assert.Equal(0, await silo.StopAsync());
        }

        var spans = receiver.Spans.ToList();
        var question = Assert.Single(spans, span => span.Name == "decisioning.v1.Decisions/NextBestAction");
        var decide = Assert.Single(spans, span => span.Name == "decide" && span.TraceId == question.TraceId);
        var told = Assert.Single(spans, span => span.Name == "decisioning.v1.Events/Track");
        var commit = Assert.Single(spans, span => span.Name == "commit" && span.Links.Count > 0);

        Assert.Equal(Server, question.Kind);
        Assert.Equal(("grpc", "decisioning.v1.Decisions/NextBestAction", "OK"), (question.Attributes["rpc.system.name"], question.Attributes["rpc.method"], question.Attributes["rpc.response.status_code"]));
        Assert.True(IsWithin(decide, question, spans), "the decision is not within the call");
        Assert.Equal(("1", "1", "1"), (decide.Attributes["decisioning.strategy.version"], decide.Attributes["decisioning.sequence"], decide.Attributes["decisioning.items"]));
        Assert.Contains(commit.Links, link => spans.Find(span => span.SpanId == link) is { } asker && IsWithin(asker, told, spans));
        Assert.NotEqual(told.TraceId, commit.TraceId);
        Assert.Contains(
            string.Join('\n', [.. Tree(question, spans), "", .. Tree(told, spans), "", $"{Told(commit)}, linked with ICustomerGrain/RecordAsync"]),
            await File.ReadAllTextAsync(Path.Combine(ForeignClients.RepositoryRoot, "docs/operations.md")),
            StringComparison.Ordinal);
        Assert.NotEmpty(receiver.Metrics);
        Assert.All(spans, span => Assert.All(span.Attributes.Values, value => Assert.DoesNotContain("ann-the-customer", value, StringComparison.Ordinal)));
        Assert.All(receiver.Metrics, export => Assert.DoesNotContain("ann-the-customer", System.Text.Encoding.UTF8.GetString(export), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_receiver_that_is_not_there_holds_nothing_up()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "strategy.yaml"), TestStrategies.Shop);
        await using var silo = await SiloProcess.ReadyAsync(
            "--data", Path.Combine(_folder.FullName, "data"), "--strategy", _folder.FullName, "--Decisioning:Telemetry:OtlpEndpoint", "http://127.0.0.1:9");
        using var channel = silo.Channel();

        var answer = await new V1.Decisions.DecisionsClient(channel).NextBestActionAsync(new NextBestActionRequest { Customer = new() { UserId = "ann" } });

        Assert.NotEmpty(answer.Decision.DecisionId);
        Assert.Equal(0, await silo.StopAsync());
    }

    /// <summary>A span and those below it, as the manual shows them; a grain's call is one, whether its two ends have a span each or not.</summary>
    private static IEnumerable<string> Tree(ReceivedSpan span, List<ReceivedSpan> spans) =>
    [
        Told(span),
        .. spans.Where(below => below.ParentId == span.SpanId)
            .SelectMany(below => below.Name == span.Name ? Tree(below, spans).Skip(1) : Tree(below, spans).Select(line => "  " + line)),
    ];

    // What else the packages say of a grain's call is theirs.
    private static string Told(ReceivedSpan span) => span.Name.StartsWith('I')
        ? span.Name
        : $"{span.Name}: {string.Join(", ", span.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key} {a.Value}"))}";

    /// <summary>Whether a span is another or below it.</summary>
    private static bool IsWithin(ReceivedSpan span, ReceivedSpan outer, List<ReceivedSpan> spans) =>
        span.SpanId == outer.SpanId || (spans.Find(parent => parent.SpanId == span.ParentId) is { } above && IsWithin(above, outer, spans));
}
