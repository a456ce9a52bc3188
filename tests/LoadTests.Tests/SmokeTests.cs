using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Decisioning.LoadTests.Engine;
using Decisioning.Tests.Shared;

namespace Decisioning.LoadTests.Tests;

/// <summary>Real engines, for seconds: that the load tests themselves work.</summary>
public sealed partial class SmokeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("load-smoke-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_mixed_load_of_a_started_engine_is_answered_and_reported()
    {
        Assert.Equal(0, await LoadCommand.RunAsync(["Mixed", "--customers", "50", "--rate", "100", "--seconds", "1", "--out", _folder]));

        Assert.Contains("questions, ", await File.ReadAllTextAsync(Path.Combine(_folder, "summary.md"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var report = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "01-mixed.json"), TestContext.Current.CancellationToken)).RootElement;
        var counts = report.GetProperty("scenarios").EnumerateArray().ToDictionary(scenario => scenario.GetProperty("name").GetString()!, scenario => scenario.GetProperty("ok").GetProperty("count").GetInt32());
        Assert.Equal((267, 30, 3), (counts["questions"], counts["events"], counts["responses"]));
    }

    [Fact]
    public async Task An_engine_that_wants_a_key_is_not_loaded_without_a_right_one()
    {
        await using var engine = new EngineProcess(
            ["--data", Path.Combine(_folder, "data"), "--Decisioning:Access:Mode=Required"], Path.Combine(_folder, "engine.log"));
        await engine.StartAsync();

        Assert.Equal(2, await LoadCommand.RunAsync(["Track", "--target", engine.Address.Authority, "--out", _folder]));
        Assert.Equal(2, await LoadCommand.RunAsync(["Track", "--target", engine.Address.Authority, "--key", "wrong", "--out", _folder]));
    }

    [Fact]
    public async Task A_load_that_is_told_to_end_takes_its_engine_with_it()
    {
        await using var load = new ForeignProcess(Process.Start(new ProcessStartInfo(
            "dotnet", [typeof(LoadCommand).Assembly.Location, "Mixed", "--customers", "50", "--rate", "100", "--seconds", "600", "--out", _folder])
            { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!);
        await load.PrintsAsync("told to engine");
        using var http = new HttpClient { BaseAddress = new(ReadyAt().Match(await ReadAsync("strategy-engine.log")).Groups[1].Value) };
        Assert.True((await http.GetAsync("/healthz", TestContext.Current.CancellationToken)).IsSuccessStatusCode);

        using var signal = Process.Start("kill", ["-TERM", $"{load.Id}"]);
        await load.EndAsync();

        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                await http.GetAsync("/healthz", TestContext.Current.CancellationToken);
                return false;
            }
            catch (HttpRequestException e)
            {
                // What breaks off was there; what is refused is gone.
                return e.HttpRequestError == HttpRequestError.ConnectionError && e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
            }
        });
    }

    [Theory]
    [InlineData(2, "NoSuchScenario")]
    [InlineData(2, "Failover", "--target", "127.0.0.1:1")]
    [InlineData(2, "--target", "192.0.2.1:5001")]
    [InlineData(3, "Track", "--target", "127.0.0.1:1")]
    public async Task What_cannot_be_loaded_is_an_exit_code(int code, params string[] arguments) =>
        Assert.Equal(code, await LoadCommand.RunAsync([.. arguments, "--out", _folder]));

    // What the engine writes, another process has open.
    private async Task<string> ReadAsync(string file)
    {
        using var reader = new StreamReader(new FileStream(Path.Combine(_folder, file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("ready: .*HTTP on ([^;]+);", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ReadyAt();
}
