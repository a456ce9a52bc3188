using FsCheck;
using FsCheck.Fluent;
using NBomber;
using NBomber.Contracts;
using NBomber.CSharp;
using NBomber.Data;
using static Decisioning.Packages.NBomber.Tests.ManualTest;

namespace Decisioning.Packages.NBomber.Tests;

public sealed class OutcomeTests
{
    private readonly ManualPace _pace = new();

    [Fact]
    public void Counts_add_up_whatever_the_outcomes() => Prop.ForAll(Gen.Choose(0, 3).NonEmptyListOf().ToArbitrary(), outcomes =>
    {
        var (pace, next) = (new ManualPace(), -1);
        var stats = Run(pace, Scenario.Create("mixed", async _ =>
        {
            var outcome = outcomes[++next % outcomes.Count];
            await pace.After(Ms(outcome));
            return outcome switch
            {
                0 => Response.Ok("fine", 10),
                1 => Response.Ok(),
                2 => Response.Fail("busy", "come back later", 3),
                _ => throw new InvalidOperationException("broken"),
            };
        }).WithoutWarmUp().WithLoadSimulations(Simulation.Inject(outcomes.Count, Second, Second))).ScenarioStats.Get("mixed");
        int Of(int outcome) => outcomes.Count(each => each == outcome);
        return stats.AllRequestCount == outcomes.Count && stats.AllOkCount == Of(0) + Of(1) && stats.AllFailCount == Of(2) + Of(3)
            && stats.AllBytes == (10 * Of(0)) + (3 * Of(2))
            && (stats.Fail.StatusCodes.Find("busy")?.Count ?? 0) == Of(2) && (stats.Fail.StatusCodes.Find("exception")?.Count ?? 0) == Of(3);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_threshold_that_fails_fails_the_run_and_one_that_holds_does_not()
    {
        var stats = Run(_pace, Answering(_pace, "slow", Ms(20), Simulation.Inject(10, Second, Second)).WithThresholds(
            Threshold.Create(stats => stats.Ok.Latency.Percent99 < 10),
            Threshold.Create(stats => stats.Ok.Latency.Percent99 < 30)));

        Assert.Equal([true, false], stats.Thresholds.Select(threshold => threshold.IsFailed));
        Assert.Equal("stats => stats.Ok.Latency.Percent99 < 10", stats.Thresholds[0].CheckExpression);
    }

    [Fact]
    public void A_threshold_that_fails_often_enough_stops_the_test_but_not_before_its_time()
    {
        var stats = Context(_pace, Answering(_pace, "slow", Ms(20), Simulation.Inject(10, Second, 100 * Second)).WithThresholds(
            Threshold.Create(stats => stats.Ok.Latency.Percent99 < 10, abortWhenErrorCount: 3, startCheckAfter: 10 * Second)))
            .WithoutReports().WithReportingInterval(2 * Second).Run();

        Assert.InRange(stats.Duration, 14 * Second, 14.2 * Second);
        Assert.True(stats.Thresholds[0].IsFailed);
    }

    [Fact]
    public void A_threshold_of_a_step_looks_at_that_step_and_one_that_throws_has_failed()
    {
        var scenario = Scenario.Create("steps", async context =>
        {
            await Step.Run("first", context, () => Task.FromResult(Response.Ok()));
            await Step.Run("second", context, async () =>
            {
                await _pace.After(Ms(5));
                return Response.Ok();
            });
            return Response.Ok();
        }).WithoutWarmUp().WithLoadSimulations(Simulation.Inject(10, Second, Second)).WithThresholds(
            Threshold.Create("first", stats => stats.Ok.Latency.MaxMs < 1),
            Threshold.Create("second", stats => stats.Ok.Latency.MaxMs < 1),
            Threshold.Create(stats => stats.Fail.StatusCodes.Get("503").Percent < 1));

        var stats = Run(_pace, scenario);

        Assert.Equal([false, true, true], stats.Thresholds.Select(threshold => threshold.IsFailed));
        Assert.Equal("there is no status code `503`", stats.Thresholds[2].ExceptionMsg);
        Assert.Equal(["first", "second"], stats.ScenarioStats[0].StepStats.Select(step => step.StepName));
    }

    [Theory]
    [InlineData(true, 0, 10)]
    [InlineData(false, 10, 0)]
    public void A_step_that_fails_ends_its_iteration_unless_told_otherwise(bool restart, int ok, int fail)
    {
        var scenario = Scenario.Create("steps", async context =>
        {
            await Step.Run("fails", context, () => Task.FromResult(Response.Fail("no")));
            return Response.Ok();
        }).WithoutWarmUp().WithRestartIterationOnFail(restart).WithLoadSimulations(Simulation.Inject(10, Second, Second));

        var stats = Run(_pace, scenario).ScenarioStats.Get("steps");

        Assert.Equal((ok, fail, 10), (stats.AllOkCount, stats.AllFailCount, stats.StepStats.Get("fails").Fail.Request.Count));
    }

    [Fact]
    public void Too_many_failures_stop_the_test()
    {
        var scenario = Scenario.Create("broken", _ => Task.FromResult<IResponse>(Response.Fail()))
            .WithoutWarmUp().WithMaxFailCount(20).WithLoadSimulations(Simulation.Inject(10, Second, 100 * Second));

        Assert.Equal(20, Run(_pace, scenario).AllFailCount);
    }

    [Fact]
    public void What_is_not_answered_in_time_after_the_end_has_failed()
    {
        var scenario = Scenario.Create("silent", async context =>
        {
            await new TaskCompletionSource().Task.WaitAsync(context.ScenarioCancellationToken);
            return Response.Ok();
        }).WithoutWarmUp().WithLoadSimulations(Simulation.Inject(10, Second, Second));

        var stats = Context(_pace, scenario).WithoutReports().WithScenarioCompletionTimeout(5 * Second).Run();

        Assert.Equal((0, 10), (stats.AllOkCount, stats.ScenarioStats[0].Fail.StatusCodes.Get("timeout").Count));
    }

    [Fact]
    public void A_scenario_can_end_itself_and_leave_the_others()
    {
        var quits = Scenario.Create("quits", context =>
        {
            if (context.GetScenarioTimerTime() >= Second)
            {
                context.StopScenario("quits", "enough");
            }

            return Task.FromResult<IResponse>(Response.Ok());
        }).WithoutWarmUp().WithLoadSimulations(Simulation.Inject(10, Second, 5 * Second));

        var stats = Run(_pace, quits, Answering(_pace, "stays", Ms(1), Simulation.Inject(10, Second, 5 * Second)));

        Assert.Equal((11, 50), (stats.ScenarioStats.Get("quits").AllOkCount, stats.ScenarioStats.Get("stays").AllOkCount));
    }

    [Fact]
    public void Init_comes_before_all_and_clean_after_all_also_for_a_scenario_of_its_own()
    {
        List<string> said = [];
        ScenarioProps Told(ScenarioProps scenario) => scenario
            .WithInit(context => Say($"init {context.ScenarioInfo.ScenarioName}"))
            .WithClean(context => Say($"clean {context.ScenarioInfo.ScenarioName}"));

        Run(_pace, Told(Scenario.Empty("data")), Told(Scenario.Create("load", _ => Task.FromResult<IResponse>(Response.Ok(said.Count.ToString("D", null)))).WithoutWarmUp()
            .WithLoadSimulations(Simulation.Inject(1, Second, Second))));

        Assert.Equal(["init data", "init load", "clean data", "clean load"], said);

        Task Say(string what)
        {
            said.Add(what);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public void An_init_that_fails_ends_the_test_and_a_clean_that_fails_does_not()
    {
        var load = Answering(_pace, "load", Ms(1), Simulation.Inject(1, Second, Second));

        Assert.Throws<IOException>(() => Run(_pace, load.WithInit(_ => throw new IOException("no disk"))));
        Assert.Equal(1, Run(_pace, load.WithClean(_ => throw new IOException("no disk"))).AllOkCount);
    }

    [Fact]
    public void Feeds_go_round_stay_with_their_copy_or_pick_at_random()
    {
        int[] data = [1, 2, 3];
        var (circular, constant, random) = (DataFeed.Circular(data), DataFeed.Constant(data), DataFeed.Random(data));
        HashSet<int> constants = [];
        List<int> seen = [];
        Run(_pace, Scenario.Create("feeds", async context =>
        {
            await _pace.After(Ms(100));
            seen.Add(circular.GetNextItem(context.ScenarioInfo));
            constants.Add((10 * context.ScenarioInfo.InstanceNumber) + constant.GetNextItem(context.ScenarioInfo));
            Assert.Contains(random.GetNextItem(context.ScenarioInfo), data);
            return Response.Ok();
        }).WithoutWarmUp().WithLoadSimulations(Simulation.KeepConstant(3, Second)));

        Assert.Equal(Enumerable.Range(0, 30).Select(i => data[i % 3]), seen);
        Assert.Equal([1, 12, 23], constants.Order());
    }

    [Fact]
    public void Two_scenarios_of_one_name_are_refused() => Assert.Throws<ArgumentException>(() => NBomberRunner.RegisterScenarios(Scenario.Empty("same"), Scenario.Empty("same")));
}
