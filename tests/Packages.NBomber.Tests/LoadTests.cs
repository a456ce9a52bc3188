using NBomber;
using NBomber.CSharp;
using NBomber.Running;
using static Decisioning.Packages.NBomber.Tests.ManualTest;

namespace Decisioning.Packages.NBomber.Tests;

public sealed class LoadTests
{
    private readonly ManualPace _pace = new();

    [Fact]
    public void An_injected_load_is_spread_evenly_over_its_interval()
    {
        var due = new LoadPlan([Simulation.Inject(1000, Second, 3 * Second)]).Due().ToArray();

        Assert.Equal(Enumerable.Range(0, 3000).Select(i => Ms(i)), due);
    }

    [Fact]
    public void A_load_that_rises_from_nothing_has_half_its_iterations_in_the_last_third_of_its_time()
    {
        var due = new LoadPlan([Simulation.RampingInject(100, Second, 10 * Second)]).Due().ToArray();

        Assert.Equal(500, due.Length);
        Assert.Equal(250, due.Count(at => at >= 10 * Second * Math.Sqrt(0.5)));
        Assert.True(due.SequenceEqual(due.Order()));
        Assert.True(due[^1] < 10 * Second);
    }

    [Fact]
    public void A_load_that_falls_mirrors_one_that_rises()
    {
        var due = new LoadPlan([Simulation.Inject(50, Second, Second), Simulation.RampingInject(0, Second, 10 * Second)]).Due().Skip(50).ToArray();

        Assert.Equal(250, due.Length);
        Assert.Equal(Ms(1000), due[0]);
        Assert.Equal(125, due.Count(at => at < Second + (10 * Second * (1 - Math.Sqrt(0.5))) - Ms(1)));
    }

    [Fact]
    public void Stretches_follow_one_another_and_pauses_hold_nothing()
    {
        var due = new LoadPlan([Simulation.Pause(2 * Second), Simulation.Inject(2, Second, Second), Simulation.Pause(Second), Simulation.Inject(1, Second, Second)]).Due();

        Assert.Equal([2 * Second, 2.5 * Second, 4 * Second], due);
    }

    [Fact]
    public void Copies_ramp_up_and_down_one_at_a_time()
    {
        var plan = new LoadPlan([Simulation.RampingConstant(4, 4 * Second), Simulation.KeepConstant(4, Second), Simulation.RampingConstant(0, 2 * Second)]);

        Assert.Equal([0, 1, 2, 3, 4, 4, 2, 0], Enumerable.Range(0, 8).Select(i => plan.Copies(i * Second)));
        Assert.Equal([Second, 2 * Second, 5.5 * Second], new[] { Ms(300), Second, 5.2 * Second }.Select(plan.NextCopies));
    }

    [Fact]
    public void Each_copy_of_a_closed_load_begins_anew_when_it_is_answered()
    {
        var stats = Run(_pace, Answering(_pace, "closed", Ms(10), Simulation.KeepConstant(4, 2 * Second))).ScenarioStats.Get("closed");

        Assert.Equal(800, stats.AllOkCount);
        Assert.Equal(10, stats.Ok.Latency.MaxMs, 0.001);
        Assert.Equal(400, stats.Ok.Request.RPS, 0.01);
    }

    [Fact]
    public void A_stall_of_the_target_shows_in_the_latencies_of_all_that_was_due_meanwhile()
    {
        // Answers take a millisecond; from second 2 to second 3 there are none.
        var scenario = Scenario.Create("stalled", async _ =>
        {
            await (_pace.Now >= 2 * Second && _pace.Now < 3 * Second ? _pace.At(3 * Second) : _pace.After(Ms(1)));
            return Response.Ok();
        }).WithoutWarmUp().WithLoadSimulations(Simulation.Inject(100, Second, 10 * Second));

        var latency = Run(_pace, scenario).ScenarioStats.Get("stalled").Ok.Latency;

        // A tenth of all waited up to a second, evenly: the 99th percentile is nine tenths into the stall.
        Assert.Equal(1000, latency.MaxMs);
        Assert.InRange(latency.Percent50, 1, 1.01);
        Assert.InRange(latency.Percent99, 900, 910);
        Assert.InRange(latency.Percent95, 500, 510);
    }

    [Fact]
    public void An_iteration_that_begins_late_counts_from_when_it_was_due()
    {
        // The first iteration keeps the one thread there is for half a second.
        var isFirst = true;
        var scenario = Scenario.Create("late", _ =>
        {
            if (isFirst)
            {
                isFirst = false;
                _pace.WaitUntil(_pace.Now + Ms(500));
            }

            return Task.FromResult<global::NBomber.Contracts.IResponse>(Response.Ok());
        }).WithoutWarmUp().WithLoadSimulations(Simulation.Inject(10, Second, Second));

        var latency = Run(_pace, scenario).ScenarioStats.Get("late").Ok.Latency;

        // Due at 0, 100, … 500 ms, all begun at 500 ms.
        Assert.Equal((500.0, 150.0), (latency.MaxMs, latency.MeanMs));
    }

    [Fact]
    public void What_is_due_at_the_same_waking_is_begun_together_each_with_its_own_due_time()
    {
        var scenario = Answering(_pace, "fast", TimeSpan.Zero, Simulation.Inject(30_000, Second, Second));

        Assert.Equal(30_000, Run(_pace, scenario).AllOkCount);
    }

    [Fact]
    public void Scenarios_run_at_the_same_time_and_are_measured_apart()
    {
        var stats = Run(
            _pace,
            Answering(_pace, "one", Ms(1), Simulation.Inject(100, Second, Second)),
            Answering(_pace, "two", Ms(2), Simulation.Pause(Second), Simulation.Inject(50, Second, 2 * Second)));

        Assert.Equal((100, 100), (stats.ScenarioStats.Get("one").AllOkCount, stats.ScenarioStats.Get("two").AllOkCount));
        Assert.Equal((1.0, 2.0), (stats.ScenarioStats.Get("one").Ok.Latency.MaxMs, stats.ScenarioStats.Get("two").Ok.Latency.MaxMs));
        Assert.Equal(50, stats.ScenarioStats.Get("two").Ok.Request.RPS, 0.2);
    }

    [Fact]
    public void A_warm_up_runs_the_first_load_and_counts_nothing()
    {
        var began = 0;
        var scenario = Scenario.Create("warm", async context =>
        {
            began++;
            await _pace.After(Ms(1));
            return Response.Ok(context.NodeInfo.CurrentOperation.ToString());
        }).WithWarmUpDuration(2 * Second).WithLoadSimulations(Simulation.Pause(Second), Simulation.Inject(10, Second, 3 * Second));

        var stats = Run(_pace, scenario).ScenarioStats.Get("warm");

        Assert.Equal((50, 30), (began, stats.AllOkCount));
        Assert.Equal("Bombing", Assert.Single(stats.Ok.StatusCodes).StatusCode);
    }
}
