using System.Globalization;
using Decisioning.Benchmarks;
using Decisioning.Benchmarks.Growth;
using Decisioning.Benchmarks.Memory;
using Decisioning.Benchmarks.Micro;
using Decisioning.Benchmarks.Profile;

if (args is [TrackHost.Verb, .. var settings])
{
    return await TrackHost.RunAsync(settings);
}

if (args is [Allocations.Verb])
{
    return Allocations.Print();
}

if (args is [] or ["--save" or "--compare", ..])
{
    return await MicroBench.RunAsync(args);
}

if (args is ["--full"] or ["--full", _])
{
    return FullMeasure.Start(args.ElementAtOrDefault(1) ?? "");
}

if (args is [GrowthBench.Verb, .. var growth])
{
    return await GrowthBench.RunAsync(growth);
}

if (args is [ProfileBench.Verb, .. var rest])
{
    return await ProfileBench.RunAsync(rest);
}

if (args is [GrowthPlot.Verb, .. var files])
{
    return GrowthPlot.Run(files);
}

if (args is [MemoryBench.Verb, .. var words])
{
    return await MemoryBench.RunAsync(words);
}

// The long ones: dotnet run make.cs bench NAME …
var all = new (string Name, Func<Task<IEnumerable<Row>>> Run)[]
{
    ("grain", async () => (await GrainCalls.RunAsync()).Select(call => new Row(call.Name, call.NsPerCall, "ns", call.BytesPerCall))),
    ("expressions", () => Task.FromResult(ExpressionsBench.Run().Select(Row.Of))),
    ("conditions", async () => (await ConditionsBench.RunAsync()).Select(Row.Of)),
    ("fold", () => Task.FromResult(FoldBench.Run().Select(Row.Of))),
    ("turns", () => Task.FromResult<IEnumerable<Row>>(InTurnBench.Run())),
    ("rules", () => Task.FromResult<IEnumerable<Row>>(RuleScaleBench.Run())),
    ("features", () => Task.FromResult(FeaturesBench.Run().Select(Row.Of))),
    ("snapshot", () => Task.FromResult<IEnumerable<Row>>(SnapshotBench.Run())),
    ("decide", () => Task.FromResult(DecideBench.Run().Select(Row.Of))),
    ("tests", () => Task.FromResult(StrategyTestsBench.Run().Select(Row.Of))),
    ("log", async () => (await LogAppendBench.RunAsync()).Select(Row.Of)),
    ("pglog", async () => (await PostgresLogBench.RunAsync()).Select(Row.Of)),
    ("due", async () => await DueBench.RunAsync()),
    ("grpc", async () => (await GrpcEcho.RunAsync()).Select(Row.Of)),
    ("replay", () => Task.FromResult<IEnumerable<Row>>(ReplayBench.Run())),
    ("activation", async () => await ActivationBench.RunAsync()),
    ("track", async () => await TrackBench.RunAsync()),
    ("watch", async () => await WatchBench.RunAsync()),
    ("start", async () => await StartBench.RunAsync()),
    ("import", async () => (await ImportBench.RunAsync()).Select(Row.Of)),
};

if (args.Except(all.Select(b => b.Name)).FirstOrDefault() is { } unknown)
{
    Console.Error.WriteLine($"`{unknown}` is not a benchmark; there are {string.Join(", ", all.Select(b => b.Name))}, {MemoryBench.Verb}, {GrowthBench.Verb}, {GrowthPlot.Verb}, {ProfileBench.Verb}, and without a name a quick table");
    return 2;
}

Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {(System.Runtime.GCSettings.IsServerGC ? "server" : "workstation")} GC");
foreach (var (name, run) in all.Where(b => args.Contains(b.Name)))
{
    Console.WriteLine(name);
    foreach (var row in await run())
    {
        var bytes = row.Bytes is { } b ? string.Create(CultureInfo.InvariantCulture, $"{b,10:N0} B") : string.Empty;
        var value = row.Value.ToString(row.Unit == "ratio" ? "N2" : "N1", CultureInfo.InvariantCulture);
        Console.WriteLine($"  {row.Name,-60} {value,14} {row.Unit,-10}{bytes}");
    }
}

return 0;
