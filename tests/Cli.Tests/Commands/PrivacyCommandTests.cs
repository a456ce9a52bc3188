using System.Text.Json;
using Decisioning.Cli.Tests.Support;
using Decisioning.Engine.Customers;
using Decisioning.Tests.Shared;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;
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
    public async Task An_export_that_is_cut_off_leaves_the_file_that_is_there()
    {
        await using var cutsOff = new GatewayServer(null, services => services.Configure<GrpcServiceOptions>(grpc => grpc.Interceptors.Add<WithoutEnd>()));
        await cutsOff.InitializeAsync();
        await File.WriteAllTextAsync(Output, "of yesterday");

        var run = (await Decide.RunAsync("privacy", "export", _user, "--output", Output, "--address", cutsOff.Http2.ToString())).WithoutTraces();

        Assert.Equal(ExitCode.Unreachable, run.Code);
        Assert.Contains("cut off", run.Errors, StringComparison.Ordinal);
        Assert.Equal("of yesterday", await File.ReadAllTextAsync(Output));
        Assert.Equal([Output], Directory.GetFiles(Path.GetDirectoryName(Output)!));
    }

    [Fact]
    public async Task An_export_without_damaged_rows_says_how_many_there_are()
    {
        await TrackAsync("m1", "m2", "m3");
        server.Store.Damage(CustomerKey.User("default", _user), 2);

        var run = await RunAsync("privacy", "export", _user, "--output", Output);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains("2 events and 0 decisions are in", run.Output, StringComparison.Ordinal);
        Assert.Contains("1 more are damaged and not in it", run.Errors, StringComparison.Ordinal);
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

    // As a connection that a proxy ends politely: the parts end, and the last one is missing.
    private sealed class WithoutEnd : Interceptor
    {
        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
            continuation(request, new Writer<TResponse>(responseStream), context);

        private sealed class Writer<T>(IServerStreamWriter<T> inner) : IServerStreamWriter<T>
        {
            public WriteOptions? WriteOptions { get => inner.WriteOptions; set => inner.WriteOptions = value; }

            public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

            public Task WriteAsync(T message, CancellationToken cancellationToken) =>
                message is Api.ExportResponse { End: not null } ? Task.CompletedTask : inner.WriteAsync(message, cancellationToken);
        }
    }
}
