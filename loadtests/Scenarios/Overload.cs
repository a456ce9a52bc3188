using System.Globalization;
using Decisioning.LoadTests.Engine;
using Decisioning.LoadTests.Runs;
using Decisioning.Tests.Shared;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Scenarios;

/// <summary>More and more questions at once, from callers who ask again as soon as they are answered, far beyond what the engine can answer.</summary>
internal sealed class Overload : ILoadScenario
{
    private const string Method = "decisioning.v1.Decisions/NextBestAction";
    private const string Calls = "rpc_server_call_duration_seconds_count";
    private const int Processes = 8;

    // Connections of each process, and calls on each: what the engine takes on one connection is a hundred.
    private static readonly (int Connections, int Streams)[] Steps = [(1, 4), (1, 32), (4, 100), (16, 100), (64, 100)];
    private static readonly (int Connections, int Streams) Normal = Steps[1];
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public string Question => "what becomes of answers when thousands of calls are under way at once, and whether all is as before after them";

    /// <inheritdoc/>
    public bool NeedsOwnEngine => true;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Row>> RunAsync(LoadRun run)
    {
        var bodies = Write(run);
        await PlayAsync(run, bodies, Normal, WarmUp);
        List<Row> rows = [];
        double normal = 0;
        var failed = 0;
        foreach (var step in Steps)
        {
            var (answered, refused, played) = await PlayAsync(run, bodies, step, run.During);
            normal = step == Normal ? answered : normal;
            failed += played.Failed;
            rows.Add(new($"{Name(step)}: decisions", answered, "per s"));
            rows.Add(new("  refused (RESOURCE_EXHAUSTED)", refused, "per s"));
            rows.Add(new("  p99 of either", played.P99, "ms"));
            rows.Add(new("  memory", run.Engine!.Memory / 1e6, "MB"));
        }

        var after = await PlayAsync(run, bodies, Normal, run.During);
        return
        [
            .. rows,
            new($"{Name(Normal)} after that: decisions", after.Answered, "per s"),
            new("  of those before", after.Answered / normal, "×", Budget.AtLeast(0.8)),
            Rows.Failed(failed + after.Played.Failed, "calls without an answer"),
        ];
    }

    private static string Name((int Connections, int Streams) step) =>
        string.Create(CultureInfo.InvariantCulture, $"{Processes * step.Connections * step.Streams:N0} calls at once, {Processes * step.Connections} connections");

    private static async Task<(double Answered, double Refused, H2LoadRun Played)> PlayAsync(LoadRun run, string[] bodies, (int Connections, int Streams) step, TimeSpan during)
    {
        LoadRun.Say($"overload: {Name(step)}");
        var (answered, refused) = (await CountAsync(run, "OK"), await CountAsync(run, "RESOURCE_EXHAUSTED"));
        var played = await H2Load.RunAsync(new(run.Engine!.Address, Method), bodies, step.Connections, step.Streams, during);
        return ((await CountAsync(run, "OK") - answered) / during.TotalSeconds, (await CountAsync(run, "RESOURCE_EXHAUSTED") - refused) / during.TotalSeconds, played);
    }

    private static Task<double> CountAsync(LoadRun run, string status) => run.Engine!.MetricAsync(Calls, $"rpc_method=\"{Method}\"", $"\"{status}\"");

    // h2load sends the same all the time: the customers that come most often, one for each process.
    private static string[] Write(LoadRun run)
    {
        var files = Enumerable.Range(0, Processes).Select(i => Path.Combine(run.Folder, $"question-{i}.bin")).ToArray();
        for (var i = 0; i < files.Length; i++)
        {
            File.WriteAllBytes(files[i], GrpcFrame.Of(run.World.Question(i, Api.ExplainLevel.None, Math.Min(i, run.World.Customers - 1))));
        }

        return files;
    }
}
