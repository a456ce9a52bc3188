using System.Text.Json;
using Decisioning.LoadTests.Engine;

namespace Decisioning.LoadTests.Tests;

/// <summary>Real engines, for seconds: that the load tests themselves work.</summary>
public sealed class SmokeTests : IDisposable
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

    [Theory]
    [InlineData(2, "NoSuchScenario")]
    [InlineData(2, "Failover", "--target", "127.0.0.1:1")]
    [InlineData(2, "--target", "192.0.2.1:5001")]
    [InlineData(3, "Track", "--target", "127.0.0.1:1")]
    public async Task What_cannot_be_loaded_is_an_exit_code(int code, params string[] arguments) =>
        Assert.Equal(code, await LoadCommand.RunAsync([.. arguments, "--out", _folder]));
}
