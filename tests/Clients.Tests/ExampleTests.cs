using System.Text.Json;
using System.Text.RegularExpressions;
using Decisioning.Tests.Shared;

namespace Decisioning.Clients.Tests;

/// <summary>The examples of docs/api.md and docs/migrating.md, each with the unmodified client it is for, and what the engine knows afterwards.</summary>
public sealed partial class ExampleTests(ClientEngine engine) : IClassFixture<ClientEngine>
{
    private static readonly string Documents =
        string.Concat(new[] { "docs/api.md", "docs/migrating.md" }.Select(path => File.ReadAllText(Path.Combine(ForeignClients.RepositoryRoot, path))));

    [Fact]
    public async Task Curl_tracks_decides_answers_and_reads_the_customer()
    {
        var run = await ForeignClients.ShellAsync(Example("json.sh"), engine.Variables);

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains("\"sequence\":\"2\"", run.Output, StringComparison.Ordinal);
        Assert.Equal((2, 1), ((await engine.UserAsync("ada")).Sequence, await FeatureAsync("ada", "views_1d")));
    }

    [Fact]
    public async Task Curl_asks_for_several_containers_in_one_call()
    {
        var run = await ForeignClients.ShellAsync(Example("containers.sh"), engine.Variables);

        Assert.True(run.ExitCode == 0, run.Output);
        using var answer = JsonDocument.Parse(run.Output);
        var items = answer.RootElement.GetProperty("decision").GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(items.Count, items.Select(item => item.GetProperty("action").GetString()).Distinct().Count());
        Assert.Equal(["home", "basket"], items.Select(item => item.GetProperty("container").GetString()).Distinct());
        Assert.Empty(answer.RootElement.GetProperty("warnings").EnumerateArray());
    }

    [Fact]
    public async Task Grpcio_asks_with_an_event_answers_and_watches()
    {
        var run = await ForeignClients.PythonTextAsync(Example("desk.py"), engine.Variables);

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Matches(@"^[a-z-]+ 1\n.+\n$", run.Output);
        Assert.Equal((2, 1), ((await engine.UserAsync("dennis")).Sequence, await FeatureAsync("dennis", "views_1d")));
        Assert.Equal("accepted", (await engine.EventsAsync(new() { UserId = "dennis" }))[^1].Response.Outcome);
    }

    [Fact]
    public async Task What_was_a_context_request_of_Unomi_records_the_view_and_answers_for_the_placement()
    {
        var run = await ForeignClients.ShellAsync(Example("unomi.sh"), engine.Variables);

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains("\"placement\":\"hero\"", run.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await engine.VisitorAsync("p-1")).Sequence);
    }

    [Fact]
    public async Task What_was_a_container_call_and_a_capture_of_Pega_is_a_decision_and_its_response()
    {
        var run = await ForeignClients.ShellAsync(Example("pega.sh"), engine.Variables);

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains("EVENT_STATUS_APPLIED", run.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await engine.UserAsync("CONT-1")).Sequence);
    }

    [Fact]
    public async Task Segments_library_for_node_sends_its_calls()
    {
        await NodeAsync("segment.mjs");

        var grace = await engine.UserAsync("grace");
        Assert.Equal((4, "Grace", "plus"), (grace.Sequence, grace.Profile.Fields["first_name"].StringValue, grace.Profile.Fields["plan"].StringValue));
        Assert.Equal(1, await FeatureAsync("grace", "views_1d"));
    }

    [Fact]
    public async Task RudderStacks_library_for_node_sends_its_calls()
    {
        await NodeAsync("rudder.mjs");

        var linus = await engine.UserAsync("linus");
        Assert.Equal((2, "Linus"), (linus.Sequence, linus.Profile.Fields["first_name"].StringValue));
        Assert.Equal(1, await FeatureAsync("linus", "views_1d"));
    }

    [Fact]
    public async Task The_library_of_CloudEvents_sends_binary_and_structured_events_and_a_repeat_counts_once()
    {
        await NodeAsync("cloudevents.mjs");

        Assert.Equal((2, 2), ((await engine.UserAsync("edsger")).Sequence, await FeatureAsync("edsger", "views_1d")));
    }

    [Fact]
    public async Task OpenFeatures_library_for_servers_gets_the_next_best_action_as_a_flag()
    {
        var run = await NodeAsync("openfeature.mjs");

        Assert.Matches("^[a-z-]+ .+ (TARGETING_MATCH|SPLIT|DEFAULT) [0-9a-z-]+", run.Output);
    }

    [Fact]
    public async Task Segments_library_for_browsers_sends_from_a_page_that_asks_for_its_own_visitor()
    {
        var port = ClientEngine.FreePort();
        var key = await engine.PublicKeyAsync($"http://127.0.0.1:{port}");
        var run = await ForeignClients.NodeAsync(
            ClientEngine.Node + "/website.js", engine.Http, key, $"{port}", await ForeignClients.ChromiumAsync(), Example("segment.html"));

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(["sends", "asks", "asks_for_nobody_else", "refused_elsewhere"], run.Held);
        var visitor = await engine.VisitorAsync(run.Output.Split('\n').Single(line => line.StartsWith("visitor ", StringComparison.Ordinal))["visitor ".Length..].Trim());
        Assert.Equal((2, 1), (visitor.Sequence, visitor.Features.Fields["views_1d"].NumberValue));
    }

    [Fact]
    public async Task OpenFeatures_providers_say_what_is_not_there_and_evaluate_all_flags_at_once()
    {
        var run = await ForeignClients.NodeAsync(ClientEngine.Node + "/flags.js", engine.Http, engine.SecretKey);

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(["not_found", "targeting_key_missing", "type_mismatch", "same_decision", "wrong_key", "bulk"], run.Held);
    }

    [Fact]
    public async Task The_document_of_the_HTTP_API_is_OpenAPI()
    {
        var run = await ForeignClients.NodeAsync(ClientEngine.Node + "/document.js", engine.Http, engine.SecretKey);

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(["3.1.0"], run.Held);
    }

    private async Task<ForeignRun> NodeAsync(string name)
    {
        var run = await ForeignClients.NodeTextAsync(ClientEngine.Node, Example(name), engine.Variables);
        Assert.True(run.ExitCode == 0, run.Output);
        return run;
    }

    private async Task<double> FeatureAsync(string user, string feature) => (await engine.UserAsync(user)).Features.Fields[feature].NumberValue;

    /// <summary>The example whose first line names it.</summary>
    internal static string Example(string name) => Fence().Matches(Documents).Select(fence => fence.Groups["text"].Value)
        .Single(text => text.Split('\n')[0].Contains(' ' + name, StringComparison.Ordinal));

    [GeneratedRegex(@"^```(js|ts|py|sh|html)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
