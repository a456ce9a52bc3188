using Decisioning.Tests.Shared;
using Google.Protobuf.WellKnownTypes;
using Api = Decisioning.V1;

namespace Decisioning.Clients.Tests;

/// <summary>The desk of <c>examples/agent.py</c>, as an agent uses it.</summary>
public sealed class AgentTests(ClientEngine engine) : IClassFixture<ClientEngine>
{
    private const string Script = "examples/agent.py";

    [Fact]
    public async Task An_order_elsewhere_changes_what_the_agent_sees_and_the_answer_is_recorded()
    {
        await engine.TrackAsync(new() { MessageId = "1", Type = Api.EventType.Identify, UserId = "ada", Traits = Text("first_name", "Ada") });
        await using var desk = new ForeignProcess(await ForeignClients.PythonStartAsync(Script, Key(engine.SecretKey), Arguments("ada")));
        await desk.PrintsAsync("] small-talk");

        await engine.TrackAsync(Event("ada", "2", "Product Added", ("price", 39.9), ("quantity", 1)));
        await desk.PrintsAsync("[2] finish-order");
        await desk.PrintsAsync("Offer to finish the order together.");
        await desk.PrintsAsync("event: Product Added");

        for (var order = 3; order < 5; order++)
        {
            await engine.TrackAsync(Event("ada", $"{order}", "Order Completed", ("total", 39.9)));
        }

        await desk.PrintsAsync("[3] loyalty-card");
        await desk.SayAsync("reject finish-order");
        await desk.PrintsAsync("`finish-order` is not offered");
        await desk.SayAsync("reject 3 has too many cards");
        await desk.PrintsAsync("recorded: loyalty-card, rejected");
        var run = await desk.EndAsync();

        Assert.Equal(1, run.ExitCode);
        var recorded = await engine.EventsAsync(new() { UserId = "ada" });
        var answer = recorded.Single(happened => happened.Type == "response").Response;
        Assert.Equal(("loyalty-card", "rejected", "agent", "next-offer"), (answer.Action, answer.Outcome, answer.Channel, answer.Placement));
        Assert.Equal("has too many cards", recorded.Single(happened => happened.Event == "Offer Discussed").Properties.Fields["reason"].StringValue);
    }

    [Fact]
    public async Task A_talk_goes_on_when_the_engine_was_killed_and_is_back()
    {
        await using var desk = new ForeignProcess(await ForeignClients.PythonStartAsync(Script, Key(engine.SecretKey), Arguments("grace")));
        await desk.PrintsAsync("] small-talk");
        await engine.KillAsync();
        await desk.PrintsAsync("the engine is away");
        await engine.StartAsync();
        await engine.TrackAsync(Event("grace", "1", "Product Added", ("price", 39.9), ("quantity", 1)));
        await desk.PrintsAsync("[2] finish-order");
        await desk.SayAsync("later finish-order");
        await desk.PrintsAsync("recorded: finish-order, dismissed");
        var run = await desk.EndAsync();

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["Product Added", "Response Captured"], (await engine.EventsAsync(new() { UserId = "grace" })).Select(happened => happened.Event));
    }

    [Fact]
    public async Task In_a_pipe_it_shows_the_customer_once()
    {
        var run = await RunAsync(engine.SecretKey, [.. Arguments("nobody"), "--once"]);

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("nobody  ·  nothing known yet  ·  in find", run.Output, StringComparison.Ordinal);
        Assert.Contains("[1] small-talk", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Fact]
    public async Task A_wrong_key_and_an_engine_that_is_not_there_are_said_in_a_sentence()
    {
        var refused = await RunAsync("nonsense", [.. Arguments("ada"), "--once"]);
        var lost = await RunAsync(engine.SecretKey, ["--customer", "ada", "--engine", "127.0.0.1:1"]);

        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("the engine does not let you in: ", refused.Output, StringComparison.Ordinal);
        Assert.Equal(3, lost.ExitCode);
        Assert.StartsWith("the engine at 127.0.0.1:1 cannot be reached: ", lost.Output, StringComparison.Ordinal);
        Assert.All([refused, lost], run => Assert.DoesNotContain("Traceback", run.Output, StringComparison.Ordinal));
    }

    private static async Task<ForeignRun> RunAsync(string key, string[] arguments)
    {
        await using var desk = new ForeignProcess(await ForeignClients.PythonStartAsync(Script, Key(key), arguments));
        return await desk.EndAsync();
    }

    private string[] Arguments(string customer) => ["--customer", customer, "--engine", engine.Grpc];

    private static Dictionary<string, string> Key(string key) => new() { ["DECISIONING_KEY"] = key };

    private static Api.Event Event(string user, string id, string name, params (string Name, double Value)[] properties)
    {
        var happened = new Api.Event { MessageId = id, UserId = user, Event_ = name, Properties = new Struct() };
        foreach (var (property, value) in properties)
        {
            happened.Properties.Fields[property] = Value.ForNumber(value);
        }

        return happened;
    }

    private static Struct Text(string name, string value) => new() { Fields = { [name] = Value.ForString(value) } };
}
