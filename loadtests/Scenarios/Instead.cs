using System.Diagnostics;
using Decisioning.LoadTests.Engine;
using Decisioning.LoadTests.Runs;
using Decisioning.LoadTests.Targets;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Scenarios;

/// <summary>The engine beside what one would build instead: a service without state of its own, on PostgreSQL and Redis.</summary>
internal sealed class Instead : ILoadScenario
{
    private const int Rounds = 3;
    private const int EventCallersLeast = 128;
    private const int Compared = 1_000;
    private const int FirstRate = 500;

    /// <summary>Of what the slower of the two can do: more would measure a queue.</summary>
    private const double RateOfMost = 0.6;

    /// <inheritdoc/>
    public string Question => "what a stateless service on PostgreSQL and Redis does of the same, in turns with the engine on PostgreSQL";

    /// <inheritdoc/>
    public bool NeedsOwnEngine => true;

    /// <inheritdoc/>
    public bool NeedsCustomers => false;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Row>> RunAsync(LoadRun run)
    {
        await run.Engine!.StopAsync();
        await using var pair = await Pair.StartAsync(run);
        List<Row> rows = [new($"of {Math.Min(Compared, run.World.Customers):N0} customers asked about: the same answer", await AlikeAsync(run, pair), "×", Budget.AtLeast(0.95))];
        rows.AddRange(await DecisionsAsync(run, pair));
        rows.AddRange(await EventsAsync(run, pair));
        rows.AddRange(await AgainAsync(run, pair));
        await run.Engine.StartAsync();
        return rows;
    }

    // A week is 168 hours to the engine and ends with today to the service: events at the edge count for one of them.
    private static async Task<double> AlikeAsync(LoadRun run, Pair pair)
    {
        var (asked, alike) = (Math.Min(Compared, run.World.Customers), 0);
        for (var customer = 0; customer < asked; customer++)
        {
            var question = run.World.Question(customer, Api.ExplainLevel.None, customer);
            question.DryRun = true;
            var (ours, theirs) = (await pair.EngineTarget.Decisions.NextBestActionAsync(question), await pair.ServiceTarget.Decisions.NextBestActionAsync(question));
            alike += ours.Decision.Items.Select(item => item.Action).SequenceEqual(theirs.Decision.Items.Select(item => item.Action)) ? 1 : 0;
        }

        return (double)alike / asked;
    }

    private static async Task<List<Row>> DecisionsAsync(LoadRun run, Pair pair)
    {
        var callers = run.Options.Callers;
        var engine = new Measure("decisions, engine", run.Decisions(pair.EngineTarget), Callers: callers);
        var service = new Measure("decisions, stateless", run.Decisions(pair.ServiceTarget), Callers: callers);
        var closed = await run.TakeTurnsAsync("side by side, decisions", Rounds, engine, service);
        var rate = Rate(run, closed, engine, service);
        var engineOpen = engine with { Callers = 0, Rate = rate };
        var serviceOpen = service with { Callers = 0, Rate = rate };
        var open = await run.TakeTurnsAsync("side by side, decisions at a rate", Rounds, engineOpen, serviceOpen);
        var (ours, theirs) = (
            await CpuAsync(run, engine, () => pair.Engine.Cpu),
            await CpuAsync(run, service, () => pair.Service.Cpu + pair.Redis.Usage.Cpu));
        return
        [
            new($"decisions, {callers} callers: engine", closed.PerSecond(engine), "per s"),
            new("  stateless", closed.PerSecond(service), "per s"),
            new("  engine of stateless", closed.PerSecond(engine) / closed.PerSecond(service), "×", Budget.AtLeast(10)),
            .. Rows.OpenLoop("decisions, engine,", open, engineOpen),
            .. Rows.OpenLoop("decisions, stateless,", open, serviceOpen),
            new("  p99, stateless of engine", open.P99(serviceOpen) / open.P99(engineOpen), "×", Budget.AtLeast(10)),
            new($"processor time of 1,000 decisions, {callers} callers, without PostgreSQL: engine", ours, "ms"),
            new("  stateless with Redis", theirs, "ms"),
            new("  stateless of engine", theirs / ours, "×"),
            Rows.Failed(closed.Failed(engine, service) + open.Failed(engineOpen, serviceOpen)),
        ];
    }

    private static async Task<List<Row>> EventsAsync(LoadRun run, Pair pair)
    {
        await using var single = pair.NewService(together: 1);
        await single.StartAsync();
        var callers = Math.Max(run.Options.Callers, EventCallersLeast);
        var engine = new Measure("events, engine", run.EventsInTurn(pair.EngineTarget), Callers: callers);
        var service = new Measure("events, stateless", run.EventsInTurn(pair.ServiceTarget), Callers: callers);
        var each = new Measure("events, stateless, a transaction each", run.EventsInTurn(pair.Target("stateless, a transaction each", single)), Callers: callers);
        var closed = await run.TakeTurnsAsync("side by side, events", Rounds, engine, service, each);
        var rate = Rate(run, closed, engine, service);
        var engineOpen = engine with { Callers = 0, Rate = rate };
        var serviceOpen = service with { Callers = 0, Rate = rate };
        var open = await run.TakeTurnsAsync("side by side, events at a rate", Rounds, engineOpen, serviceOpen);
        return
        [
            new($"events, {callers} callers: engine", closed.PerSecond(engine), "per s"),
            new("  stateless, many callers' in a transaction", closed.PerSecond(service), "per s"),
            new("  stateless, a transaction each", closed.PerSecond(each), "per s"),
            new("  engine of stateless", closed.PerSecond(engine) / closed.PerSecond(service), "×"),
            .. Rows.OpenLoop("events, engine,", open, engineOpen),
            .. Rows.OpenLoop("events, stateless,", open, serviceOpen),
            Rows.Failed(closed.Failed(engine, service, each) + open.Failed(engineOpen, serviceOpen)),
        ];
    }

    // What speaks for a service that keeps nothing.
    private static async Task<List<Row>> AgainAsync(LoadRun run, Pair pair)
    {
        var (engineMemory, serviceMemory) = (pair.Engine.Memory / 1e6, (pair.Service.Memory + pair.Redis.Usage.Memory) / 1e6);
        var (ours, theirs) = (await AgainAsync(run, pair.Engine, pair.EngineTarget), await AgainAsync(run, pair.Service, pair.ServiceTarget));
        await pair.ForgetAsync();
        List<Row> rows =
        [
            new("memory: engine", engineMemory, "MB"),
            new("  stateless with Redis", serviceMemory, "MB"),
            new("killed, until the first decision again: engine", ours.TotalSeconds, "s"),
            new("  stateless", theirs.TotalSeconds, "s"),
        ];

        // Each is about a customer that was not asked about since; turns of warming up included.
        var next = 0;
        rows.AddRange(await FirstAsync("first question about a customer, Redis empty", () => Interlocked.Increment(ref next) % run.World.Customers));
        next = run.World.Customers;
        rows.AddRange(await FirstAsync("question about a customer never seen", () => Interlocked.Increment(ref next)));
        return rows;

        async Task<IEnumerable<Row>> FirstAsync(string what, Func<int> customer)
        {
            var engine = new Measure($"{what}: engine", call => pair.EngineTarget.DecideAsync(call, customer()), Rate: FirstRate);
            var service = new Measure($"{what}: stateless", call => pair.ServiceTarget.DecideAsync(call, customer()), Rate: FirstRate);
            var measured = await run.TakeTurnsAsync($"side by side, {what}", 1, engine, service);
            return
            [
                .. Rows.OpenLoop(engine.Name, measured, engine),
                .. Rows.OpenLoop(service.Name, measured, service),
                Rows.Failed(measured.Failed(engine, service)),
            ];
        }
    }

    private static async Task<TimeSpan> AgainAsync(LoadRun run, ServerProcess server, EngineTarget target)
    {
        var killed = Stopwatch.GetTimestamp();
        await server.KillAsync();
        await server.StartAsync();
        return await target.DecideAsync(run.World.Question(0, Api.ExplainLevel.None, 0)) is { IsError: true } failed
            ? throw new LoadException($"{target.Name} does not decide after it was started again: {failed.StatusCode}: {failed.Message}", LoadException.Wrong)
            : Stopwatch.GetElapsedTime(killed);
    }

    private static int Rate(LoadRun run, Measured closed, params Measure[] measures) =>
        Math.Max(1, Math.Min(run.Options.Rate, (int)(RateOfMost * measures.Min(closed.PerSecond))));

    // Milliseconds for 1,000 calls.
    private static async Task<double> CpuAsync(LoadRun run, Measure measure, Func<TimeSpan> cpu)
    {
        var before = cpu();
        var stats = await run.PlayAsync(null, measure.Scenario(run.During));
        return (cpu() - before).TotalMilliseconds * 1_000 / stats.AllOkCount;
    }
}
