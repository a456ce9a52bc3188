using System.Text.RegularExpressions;
using Decisioning.V1;
using Decisioning.Tests.Shared;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;

namespace Decisioning.Silo.Tests;

public sealed partial class RunTests : IDisposable
{
    private static readonly string WithTemplate = TestStrategies.Shop.Replace("text: \"Welcome\"", "template: welcome.hbs", StringComparison.Ordinal);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("decisioning-silo-");
    private readonly string _strategy;

    public RunTests() => _strategy = _folder.CreateSubdirectory("strategy").FullName;

    private string Data => Path.Combine(_folder.FullName, "data");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Events_are_acknowledged_and_the_next_best_action_is_answered()
    {
        await using var silo = await StartAsync(TestStrategies.Shop);
        using var channel = silo.Channel();

        Assert.Equal([EventStatus.Applied, EventStatus.Applied], await TrackAsync(channel, "ann", "a", "b"));
        Assert.Equal([EventStatus.Duplicate], await TrackAsync(channel, "ann", "a"));
        Assert.Equal(("welcome", 2), await AskAsync(channel, "ann"));
    }

    [Fact]
    public async Task A_changed_folder_comes_into_force_and_a_broken_one_does_not()
    {
        await using var silo = await StartAsync(TestStrategies.Shop);
        using var channel = silo.Channel();
        await TrackAsync(channel, "ann", "a");
        Assert.Equal("welcome", (await AskAsync(channel, "ann")).Action);

        await WriteAsync(TestStrategies.Broken);
        await silo.LineAsync(line => line.Contains("strategy.yaml:9:", StringComparison.Ordinal));
        Assert.Equal("welcome", (await AskAsync(channel, "bob", "b")).Action);

        await WriteAsync(TestStrategies.Sale);
        await silo.LineAsync(line => line.Contains("strategy shop version 2", StringComparison.Ordinal));
        Assert.Equal("sale", (await AskAsync(channel, "cem")).Action);
    }

    [Fact]
    public async Task A_text_that_is_a_file_is_shown_changed_with_it_and_replaced_by_a_publication()
    {
        var template = Path.Combine(Directory.CreateDirectory(Path.Combine(_strategy, "templates")).FullName, "welcome.hbs");
        await File.WriteAllTextAsync(template, "<p>Hello {{default profile.first_name \"you\"}}</p>");
        await using var silo = await StartAsync(WithTemplate);
        using var channel = silo.Channel();
        await TrackAsync(channel, "ann", "a");
        Assert.Equal("<p>Hello you</p>", await HtmlAsync(channel, "ann"));

        await File.WriteAllTextAsync(template, "<p>Good day</p>");
        await silo.LineAsync(line => line.Contains("strategy shop version 2", StringComparison.Ordinal));
        Assert.Equal("<p>Good day</p>", await HtmlAsync(channel, "ann"));

        var request = new PublishRequest { Source = new StrategySource() };
        request.Source.Files.Add(new StrategyFile { Path = "strategy.yaml", Text = WithTemplate });
        request.Source.Files.Add(new StrategyFile { Path = "templates/welcome.hbs", Text = "<p>{{action.name}}</p>" });
        Assert.Equal(3, (await new Strategies.StrategiesClient(channel).PublishAsync(request)).Version.Version);
        Assert.Equal("<p>welcome</p>", await HtmlAsync(channel, "ann"));
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("kill")]
    public async Task What_was_acknowledged_is_there_after_an_end_of_any_kind(string end)
    {
        await using (var silo = await StartAsync(TestStrategies.Shop))
        {
            using var channel = silo.Channel();
            await TrackAsync(channel, "ann", "a", "b", "c");
            if (end == "stop")
            {
                Assert.Equal(0, await silo.StopAsync());
            }
            else
            {
                await silo.KillAsync();
            }
        }

        await using (var silo = await SiloProcess.ReadyAsync("--data", Data))
        {
            using var channel = silo.Channel();
            Assert.Equal([EventStatus.Duplicate, EventStatus.Applied], await TrackAsync(channel, "ann", "c", "d"));
            Assert.Equal(("welcome", 4), await AskAsync(channel, "ann"));
        }
    }

    [Fact]
    public async Task From_its_start_to_its_end_it_says_what_is_its_own_and_no_more_than_information()
    {
        await using var silo = await StartAsync(TestStrategies.Shop);
        using (var channel = silo.Channel())
        {
            await TrackAsync(channel, "ann", "a");
            await AskAsync(channel, "ann");
        }

        Assert.Equal(0, await silo.StopAsync());
        Assert.All(
            silo.Output().Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.True(Own().IsMatch(line) || line.Contains("Decisioning.Gateway.Access.OpenAccess[321]", StringComparison.Ordinal), line));
    }

    [GeneratedRegex(@"^\d\d:\d\d:\d\d\.\d{3} info: Decisioning\.")]
    private static partial Regex Own();

    private async Task<SiloProcess> StartAsync(string strategy)
    {
        await WriteAsync(strategy);
        return await SiloProcess.ReadyAsync("--data", Data, "--strategy", _strategy);
    }

    private Task WriteAsync(string yaml) => File.WriteAllTextAsync(Path.Combine(_strategy, "strategy.yaml"), yaml);

    private static async Task<IEnumerable<EventStatus>> TrackAsync(GrpcChannel channel, string user, params string[] messageIds)
    {
        var request = new TrackRequest();
        request.Events.AddRange(messageIds.Select(id => new Event
        {
            Type = EventType.Track,
            MessageId = id,
            UserId = user,
            Event_ = "Product Viewed",
            Properties = new Struct { Fields = { ["price"] = Value.ForNumber(20) } },
        }));
        return (await new Events.EventsClient(channel).TrackAsync(request)).Acks.Select(ack => ack.Status);
    }

    private static async Task<(string Action, long Sequence)> AskAsync(GrpcChannel channel, string user, string? firstTracks = null)
    {
        if (firstTracks is not null)
        {
            await TrackAsync(channel, user, firstTracks);
        }

        var response = await new V1.Decisions.DecisionsClient(channel).NextBestActionAsync(
            new NextBestActionRequest { Customer = new CustomerIdentity { UserId = user }, Channel = "web" });
        return (Assert.Single(response.Decision.Items).Action, response.Decision.Sequence);
    }

    private static async Task<string> HtmlAsync(GrpcChannel channel, string user)
    {
        var response = await new V1.Decisions.DecisionsClient(channel).NextBestActionAsync(
            new NextBestActionRequest { Customer = new CustomerIdentity { UserId = user }, Channel = "web", DryRun = true });
        return Assert.Single(response.Decision.Items).Content["html"];
    }
}
