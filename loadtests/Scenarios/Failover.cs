using System.Collections.Concurrent;
using System.Diagnostics;
using Decisioning.LoadTests.Runs;
using Decisioning.LoadTests.Targets;
using NBomber.Contracts;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Scenarios;

/// <summary>An engine that is killed under load and started again.</summary>
internal sealed class Failover : ILoadScenario
{
    private const int CheckBatch = 500;

    /// <summary>Longer than a start takes on a slow machine: the load goes on when the engine is back.</summary>
    private static readonly TimeSpan AwayMax = TimeSpan.FromSeconds(10);

    /// <summary>A call that was begun while the engine was away ends a little after it is back.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<Api.Event> _acknowledged = new();
    private readonly ConcurrentQueue<long> _failures = new();

    /// <inheritdoc/>
    public string Question => "whether calls fail only while the engine is away, and no acknowledged event is lost";

    /// <inheritdoc/>
    public bool NeedsOwnEngine => true;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Row>> RunAsync(LoadRun run)
    {
        var rate = Math.Max(1, run.Options.Rate / 4);
        var events = new Measure("events", call => Watched(TrackAsync(run, call)), Rate: rate);
        var questions = new Measure("questions", call => Watched(run.Target.DecideAsync(call, run.World.Customer(call))), Rate: rate);
        await run.PlayAsync(null, questions.Scenario(TimeSpan.FromSeconds(2)));
        var during = run.During + AwayMax + run.During;
        var load = run.PlayAsync("failover", events.Scenario(during), questions.Scenario(during));
        await Task.Delay(run.During);
        var killed = Stopwatch.GetTimestamp();
        await run.Engine!.KillAsync();
        await run.Engine.StartAsync();
        var back = Stopwatch.GetTimestamp();
        var stats = await load;
        var outside = _failures.Count(at => at < killed || at > back + (long)(Grace.TotalSeconds * Stopwatch.Frequency));
        var lost = await LostAsync(run);
        return
        [
            new("engine away", Stopwatch.GetElapsedTime(killed, back).TotalSeconds, "s"),
            new("calls that failed meanwhile", _failures.Count - outside, ""),
            new("last failure after the kill", _failures.IsEmpty ? 0 : Stopwatch.GetElapsedTime(killed, _failures.Max()).TotalSeconds, "s"),
            new("calls answered", stats.AllOkCount, ""),
            Rows.Failed(outside, "calls that failed before or after"),
            new("acknowledged events", _acknowledged.Count, ""),
            Rows.Failed(lost, "acknowledged events that are lost"),
        ];
    }

    private async Task<IResponse> TrackAsync(LoadRun run, long call)
    {
        var @event = run.World.Live(call, run.Load + "-failover", run.World.Customer(call));
        var answer = await run.Target.TrackAsync(@event);
        if (!answer.IsError)
        {
            _acknowledged.Enqueue(@event);
        }

        return answer;
    }

    private async Task<IResponse> Watched(Task<IResponse> call)
    {
        var answer = await call;
        if (answer.IsError)
        {
            _failures.Enqueue(Stopwatch.GetTimestamp());
        }

        return answer;
    }

    // An event that is there is told as a duplicate when it comes again; one that is not is applied.
    private async Task<int> LostAsync(LoadRun run)
    {
        var lost = 0;
        foreach (var batch in _acknowledged.Chunk(CheckBatch))
        {
            var request = new Api.TrackRequest();
            request.Events.AddRange(batch);
            var answer = await run.Target.Events.TrackAsync(request, deadline: Answers.Deadline());
            lost += answer.Acks.Count(ack => ack.Status != Api.EventStatus.Duplicate);
        }

        return lost;
    }
}
