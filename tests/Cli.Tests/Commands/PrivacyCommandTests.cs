using System.Text.Json;
using Decisioning.Cli.Tests.Support;
using Decisioning.Tests.Shared;
using Api = Decisioning.V1;

namespace Decisioning.Cli.Tests.Commands;

[Collection(typeof(TakesConsole))]
public sealed class PrivacyCommandTests(GatewayServer server) : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _user = GatewayServer.NewCustomer("person");

    private string[] At => ["--address", server.Http2.ToString()];

    private string Output => _folder.Path("person.json");

    [Fact]
    public async Task An_export_is_one_file_with_all_that_is_kept()
    {
        await TrackAsync("m1", "m2");

        var run = await RunAsync("privacy", "export", _user, "--output", Output);

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Errors));
        Assert.Contains("2 events and 0 decisions are in", run.Output, StringComparison.Ordinal);
        using var written = JsonDocument.Parse(await File.ReadAllTextAsync(Output));
        Assert.Equal(["export", "customers", "events", "end"], written.RootElement.EnumerateObject().Select(section => section.Name));
        Assert.Equal(_user, written.RootElement.GetProperty("export")[0].GetProperty("identities")[0].GetProperty("user_id").GetString());
        Assert.Equal(["m1", "m2"], written.RootElement.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("message_id").GetString()));
        Assert.Equal([Output], Directory.GetFiles(Path.GetDirectoryName(Output)!));
    }

    [Fact]
    public async Task An_export_that_fails_leaves_the_file_that_is_there()
    {
        await File.WriteAllTextAsync(Output, "of yesterday");

        var run = await RunAsync("privacy", "export", "", "--output", Output);

        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Equal("of yesterday", await File.ReadAllTextAsync(Output));
        Assert.Equal([Output], Directory.GetFiles(Path.GetDirectoryName(Output)!));
    }

    [Fact]
    public async Task An_erasure_prints_its_receipt_and_the_same_id_when_it_is_repeated()
    {
        await TrackAsync("m1", "m2");

        var first = Receipt(await RunAsync("privacy", "erase", _user, "--request", "ticket-1"));
        var again = Receipt(await RunAsync("privacy", "erase", _user, "--request", "ticket-1"));

        Assert.Equal(("1", "2"), (first.GetProperty("identities").GetString(), first.GetProperty("events").GetString()));
        Assert.Equal(first.GetProperty("receipt_id").GetString(), again.GetProperty("receipt_id").GetString());
        Assert.Equal(0, (await server.Customers.GetAsync(new() { Customer = GatewayServer.User(_user) })).Customer.Sequence);
    }

    [Fact]
    public async Task An_erasure_without_a_request_is_refused_before_anything_is_asked()
    {
        await TrackAsync("m1");

        var run = await RunAsync("privacy", "erase", _user);

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("--request", run.Errors, StringComparison.Ordinal);
        Assert.Equal(1, (await server.Customers.GetAsync(new() { Customer = GatewayServer.User(_user) })).Customer.Sequence);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<Run> RunAsync(params string[] args) => (await Decide.RunAsync([.. args, .. At])).WithoutTraces();

    private static JsonElement Receipt(Run run)
    {
        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Errors));
        return JsonDocument.Parse(run.Output).RootElement;
    }

    private async Task TrackAsync(params string[] ids) => Assert.All(
        await server.TrackAsync([.. ids.Select(id => new Api.Event { MessageId = id, UserId = _user, Event_ = "Product Viewed" })]),
        status => Assert.StartsWith("Applied", status, StringComparison.Ordinal));
}
