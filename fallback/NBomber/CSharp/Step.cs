using NBomber.Contracts;
using NBomber.Running;

namespace NBomber.CSharp;

/// <summary>Measures parts of an iteration.</summary>
public static class Step
{
    /// <summary>Runs a part under a name. Where it fails, the iteration ends as failed, unless the scenario says otherwise.</summary>
    public static Task<Response<T>> Run<T>(string name, IScenarioContext context, Func<Task<Response<T>>> run) => ((ScenarioCopy)context).StepAsync(name, run);
}
