using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;

namespace NBomber.Running;

/// <summary>One that runs iterations of a scenario: one after the other as long as it is wanted, or one each time it is due.</summary>
internal sealed class ScenarioCopy(ScenarioRun run, int number, bool isLoop) : IScenarioContext, IScenarioInitContext, IThreadPoolWorkItem
{
    /// <summary>When its iteration was due.</summary>
    public TimeSpan Due { get; set; }

    public int Number => ScenarioInfo.InstanceNumber;

    public TestInfo TestInfo => run.Test.Info;

    public NodeInfo NodeInfo => run.Test.Node;

    public ScenarioInfo ScenarioInfo { get; } = new(run.Props.ScenarioName, number, run.Plan.Duration);

    public long InvocationNumber { get; private set; }

    public CancellationToken ScenarioCancellationToken => run.Stopped;

    public Random Random => Random.Shared;

    public void StopScenario(string scenarioName, string reason) => run.Test.Stop(scenarioName, reason);

    public void StopCurrentTest(string reason) => run.Test.Stop(null, reason);

    public TimeSpan GetScenarioTimerTime() => run.Time;

    public void Execute() => _ = isLoop ? LoopAsync() : OnceAsync();

    /// <summary>Runs a step of the iteration under way.</summary>
    public async Task<Response<T>> StepAsync<T>(string name, Func<Task<Response<T>>> step)
    {
        var began = run.Test.Pace.Now;
        Response<T> response;
        try
        {
            response = await step();
        }
        catch (Exception e)
        {
            var failed = Failed(e);
            response = new(true, failed.StatusCode, 0, failed.Message);
        }

        run.Meter.Step(name).Add(run.Test.Pace.Now - began, response);
        return response.IsError && run.Props.RestartIterationOnFail ? throw new StepFailedException(response) : response;
    }

    private async Task OnceAsync()
    {
        var response = await IterateAsync();
        run.Answered(this, Due, response);
    }

    private async Task LoopAsync()
    {
        while (run.Wants(this))
        {
            var began = run.Test.Pace.Now;
            run.Answered(began, await IterateAsync());
        }
    }

    private async Task<IResponse> IterateAsync()
    {
        InvocationNumber++;
        try
        {
            return await run.Props.Run!(this);
        }
        catch (StepFailedException e)
        {
            return e.Response;
        }
        catch (Exception e)
        {
            return Failed(e);
        }
    }

    private static Response<object> Failed(Exception e) => Response.Fail(e is OperationCanceledException ? "cancelled" : "exception", e.Message);

    private sealed class StepFailedException(IResponse response) : Exception
    {
        public IResponse Response { get; } = response;
    }
}
