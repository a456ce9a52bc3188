using Decisioning.Tests.Shared;

namespace Decisioning.Acceptance.Tests;

/// <summary>Clients that nobody here wrote, in other languages, against the running engine.</summary>
public sealed class ForeignClientTests
{
    [Fact]
    public async Task Grpc_js_tracks_and_decides_knowing_only_the_proto_files()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await StartAsync(folder);

        var run = await ForeignClients.NodeAsync("tests/Acceptance.Tests/clients/node/next.js", Host(engine), InRepository("src/Contracts/Protos"));

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(["track", "next_best_action", "customer", "stream", "bad_request"], run.Held);
    }

    [Fact]
    public async Task Grpcio_tracks_and_decides_knowing_only_what_reflection_tells()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await StartAsync(folder);

        var run = await ForeignClients.PythonAsync(
            "tests/Acceptance.Tests/clients/python/next.py", Host(engine), InRepository("tests/Packages.Grpc.Tests/clients/python"));

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(["track", "next_best_action", "bad_request"], run.Held);
    }

    private static Task<SiloProcess> StartAsync(TemporaryFolder folder) =>
        SiloProcess.ReadyAsync("--data", folder.Path, "--strategy", RetailHistory.Strategy);

    private static string Host(SiloProcess engine) => new Uri(engine.GrpcAddress).Authority;

    private static string InRepository(string path) => Path.Combine(ForeignClients.RepositoryRoot, path);
}
