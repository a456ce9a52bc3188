using System.Text.Json;
using Decisioning.Tests.Shared;
using Google.Protobuf.WellKnownTypes;
using Api = Decisioning.V1;

namespace Decisioning.Clients.Tests;

/// <summary>Pages that speak gRPC-Web with the engine in a real browser: the shop of <c>examples/web</c> and Connect's library by itself.</summary>
public sealed class WebTests(ClientEngine engine) : IClassFixture<ClientEngine>, IDisposable
{
    private const string Shop = "examples/web";
    private const string Hostile = "<img src=x onerror=alert(1)>";

    private readonly string _folder = Directory.CreateTempSubdirectory("decisioning-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_shop_follows_its_visitor_shows_texts_as_texts_and_does_without_an_engine_that_was_killed()
    {
        var port = ClientEngine.FreePort();
        var variables = new Dictionary<string, string> { ["VITE_ENGINE"] = engine.Http, ["VITE_KEY"] = await engine.PublicKeyAsync($"http://127.0.0.1:{port}") };
        await RunAsync(variables, "run", "build", "--", "--outDir", _folder);

        await using var visit = new ForeignProcess(await ForeignClients.NodeStartAsync(
            ClientEngine.Node + "/shop.js", engine.Http, $"{port}", await ForeignClients.ChromiumAsync(), _folder));
        const string asks = "asks views of ";
        var visitor = new Api.CustomerIdentity { AnonymousId = (await visit.PrintsAsync(asks))[asks.Length..] };
        for (var view = 0; view < 2; view++)
        {
            await engine.TrackAsync(new()
            {
                MessageId = $"{view}", AnonymousId = visitor.AnonymousId, Event_ = "Product Viewed",
                Properties = new Struct { Fields = { ["category"] = Value.ForString(Hostile), ["price"] = Value.ForNumber(9) } },
            });
        }

        await visit.SayAsync("done");
        await visit.PrintsAsync("asks no engine");
        await engine.KillAsync();
        await visit.SayAsync("done");
        await visit.PrintsAsync("asks the engine again");
        await engine.StartAsync();
        await visit.SayAsync("done");
        var run = await visit.EndAsync();

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(["accessible", "text_only", "follows_by_keyboard", "open_without_engine", "comes_back"], run.Held);
        var recorded = await engine.EventsAsync(visitor);
        Assert.Equal(
            ["Product Viewed", "Product Viewed", "Product Viewed", "Product Added", "Order Completed"],
            recorded.Where(happened => happened.Type == "track").Select(happened => happened.Event));
        var responses = recorded.Where(happened => happened.Type == "response").Select(happened => (happened.Response.Placement, happened.Response.Action, happened.Response.Outcome)).ToList();
        Assert.Contains(("banner", "seen-again", "impression"), responses);
        Assert.Contains(("hero", "finish-order", "impression"), responses);
        Assert.Contains(("hero", "welcome-back-coupon", "impression"), responses);
        Assert.Equal([("hero", "finish-order", "clicked")], responses.Where(response => response.Outcome == "clicked"));
    }

    [Fact]
    public async Task Connects_library_asks_watches_and_tells_mistakes_refusals_and_deadlines()
    {
        var port = ClientEngine.FreePort();
        var key = await engine.PublicKeyAsync($"http://127.0.0.1:{port}");
        var page = await BuildPageAsync(ExampleTests.Example("browser.ts"));

        var run = await ForeignClients.NodeAsync(
            ClientEngine.Node + "/connect.js", engine.Http, key, $"{port}", await ForeignClients.ChromiumAsync(), page);

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(["example", "mistakes", "refusals", "deadlines"], run.Held);
        const string visitor = "visitor ";
        var known = await engine.VisitorAsync(run.Output.Split('\n').Single(line => line.StartsWith(visitor, StringComparison.Ordinal))[visitor.Length..].Trim());
        Assert.Equal((1, 1), (known.Sequence, known.Features.Fields["carts_1d"].NumberValue));
    }

    /// <summary>Builds the page of <c>tests/Clients.Tests/web</c> with the packages of the shop, and returns the folder it is in.</summary>
    private async Task<string> BuildPageAsync(string example)
    {
        // Beneath the packages, where imports find them.
        var sources = Path.Combine(ForeignClients.RepositoryRoot, Shop, "node_modules", Path.GetFileName(_folder));
        var protos = new[] { "src/Contracts/Protos", "tests/Clients.Tests/web" }.Select(folder => new { directory = Path.Combine(ForeignClients.RepositoryRoot, folder) });
        var generation = JsonSerializer.Serialize(new
        {
            version = "v2", inputs = protos, plugins = new[] { new { local = "protoc-gen-es", @out = Path.Combine(sources, "gen"), opt = "target=ts" } },
        });
        await RunAsync("exec", "--", "buf", "generate", "--template", generation);
        try
        {
            foreach (var name in new[] { "index.html", "checks.ts" })
            {
                File.Copy(Path.Combine(ForeignClients.RepositoryRoot, "tests/Clients.Tests/web", name), Path.Combine(sources, name));
            }

            await File.WriteAllTextAsync(Path.Combine(sources, "browser.ts"), example);
            await RunAsync("exec", "--", "vite", "build", sources, "--outDir", _folder, "--target", "esnext");
            return _folder;
        }
        finally
        {
            Directory.Delete(sources, recursive: true);
        }
    }

    private static Task RunAsync(params string[] arguments) => RunAsync([], arguments);

    private static async Task RunAsync(Dictionary<string, string> variables, params string[] arguments)
    {
        var run = await ForeignClients.NpmAsync(Shop, variables, arguments);
        Assert.True(run.ExitCode == 0, run.Output);
    }
}
