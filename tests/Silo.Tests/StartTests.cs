using Decisioning.Tests.Shared;
using System.Net;
using System.Net.Sockets;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService;

namespace Decisioning.Silo.Tests;

public sealed class StartTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("decisioning-silo-");

    private string Data => Path.Combine(_folder.FullName, "data");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_port_that_is_taken_is_one_sentence_and_exit_code_2()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var (exitCode, output) = await SiloProcess.EndedAsync("--port", $"{port}", "--http-port", "0", "--data", Data);

        Assert.Equal((2, $"cannot start: port {port} is in use or may not be opened; give another with `--port`"), (exitCode, output));
    }

    [Fact]
    public async Task A_strategy_with_mistakes_stops_the_start_with_all_of_them_and_exit_code_2()
    {
        var strategy = _folder.CreateSubdirectory("strategy").FullName;
        await File.WriteAllTextAsync(Path.Combine(strategy, "strategy.yaml"), TestStrategies.Broken);

        var (exitCode, output) = await SiloProcess.EndedAsync("--port", "0", "--http-port", "0", "--data", Data, "--strategy", strategy);

        Assert.Equal(2, exitCode);
        Assert.Contains("has 2 mistakes", output, StringComparison.Ordinal);
        Assert.Contains("strategy.yaml:2:", output, StringComparison.Ordinal);
        Assert.Contains("strategy.yaml:9:", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--prot 5001               ", "`--prot` is no switch; those there are: --port, --http-port, --data, --storage, --postgres, --strategy")]
    [InlineData("--port                    ", "`--port` needs a value after it")]
    [InlineData("--port 70000              ", "`70000` is no port; give `--port` 0 to 65535")]
    [InlineData("--Decisioning:GrpcPort no ", "Decisioning:GrpcPort")]
    [InlineData("--Decisioning:GrpcPort -1 ", "GrpcPort")]
    [InlineData("--Storage:Readers 0       ", "Readers")]
    [InlineData("--Decisioning:Cluster:Mode many", "Decisioning:Cluster:Mode")]
    [InlineData("--Decisioning:Cluster:Mode postgres", "Decisioning:Cluster:Mode is `postgres`, but the log is not; set Storage:Kind to `postgres` too")]
    [InlineData("--Decisioning:Cluster:AdvertisedAddress here", "`here` is no IP address; give Decisioning:Cluster:AdvertisedAddress one that the other silos reach")]
    [InlineData("--Decisioning:Cluster:AdvertisedAddress 192.0.2.1", "`192.0.2.1` is no address of this machine; nothing can listen there")]
    [InlineData("--Storage:Retention:Events 00:05:00", "Events")]
    [InlineData("--Decisioning:Listen any", "there is no certificate: keys and customers' data would be sent in the clear")]
    [InlineData("--Decisioning:Access:Jwt:Roles:desk root", "Decisioning:Access:Jwt:Roles:desk is `root`")]
    [InlineData("--strategy /no/such/folder", "`/no/such/folder` is no folder; give the folder that holds `strategy.yaml`")]
    public async Task What_an_operator_can_cure_is_a_sentence_and_exit_code_2(string arguments, string said)
    {
        var (exitCode, output) = await SiloProcess.EndedAsync(
            [.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--http-port=0", $"--data={Data}"]);

        Assert.Equal(2, exitCode);
        Assert.Contains("cannot start: ", output, StringComparison.Ordinal);
        Assert.Contains(said, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("thesis.txt", "years of work", "holds other files (`thesis.txt`) and no database of this program")]
    [InlineData("decisioning.db", "no database", "damaged or not a database; restore it from a backup or choose another folder")]
    public async Task A_data_folder_that_is_not_ours_is_a_sentence_and_exit_code_2_and_left_alone(string name, string text, string said)
    {
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(Path.Combine(Data, name), text);

        var (exitCode, output) = await SiloProcess.EndedAsync("--port", "0", "--http-port", "0", "--data", Data);

        Assert.Equal(2, exitCode);
        Assert.StartsWith("cannot start: ", output, StringComparison.Ordinal);
        Assert.Contains(said, output, StringComparison.Ordinal);
        Assert.Equal([(Path.Combine(Data, name), text)], Directory.GetFiles(Data).Select(file => (file, File.ReadAllText(file))));
    }

    [Fact]
    public async Task A_data_folder_that_another_engine_uses_is_refused_by_name()
    {
        await using var first = await SiloProcess.ReadyAsync("--data", Data);

        var (exitCode, output) = await SiloProcess.EndedAsync("--port", "0", "--http-port", "0", "--data", Data);

        Assert.Equal(2, exitCode);
        Assert.Contains(Data, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_engines_run_side_by_side_and_name_their_addresses_strategy_and_folder()
    {
        var strategy = _folder.CreateSubdirectory("strategy").FullName;
        await File.WriteAllTextAsync(Path.Combine(strategy, "strategy.yaml"), TestStrategies.Shop);
        await using var first = await SiloProcess.ReadyAsync("--data", Data, "--strategy", strategy);
        await using var second = await SiloProcess.ReadyAsync("--data", Data + "2");

        Assert.NotEqual(first.GrpcAddress, second.GrpcAddress);
        Assert.Contains($"strategy `shop` version 1; data in {Data}; packages: ", first.ReadyLine, StringComparison.Ordinal);
        Assert.Contains("no strategy yet", second.ReadyLine, StringComparison.Ordinal);
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync($"{first.HttpAddress}/healthz")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync($"{first.HttpAddress}/readyz")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync($"{second.HttpAddress}/healthz")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync($"{second.HttpAddress}/readyz")).StatusCode);
    }

    [Fact]
    public void A_silo_that_cannot_reach_those_of_its_cluster_says_so_in_one_sentence_with_the_cure()
    {
        var sentence = Assert.Single(SiloRun.Curable(new OrleansClusterConnectivityCheckFailedException("no answer from S127.0.0.1:11111"))!);

        Assert.Contains("no answer from S127.0.0.1:11111", sentence, StringComparison.Ordinal);
        Assert.Contains("`Decisioning:Cluster:AdvertisedAddress`", sentence, StringComparison.Ordinal);
        Assert.Null(SiloRun.Curable(new OrleansException("a bug")));
    }

    [Fact]
    public async Task Help_names_every_switch()
    {
        var (exitCode, output) = await SiloProcess.EndedAsync("--help");

        Assert.Equal(0, exitCode);
        Assert.All(SiloArguments.Switches.Keys, name => Assert.Contains(name + " ", output, StringComparison.Ordinal));
    }
}
