using System.Collections.Concurrent;
using NBomber.Contracts;
using NBomber.Contracts.Stats;

namespace NBomber.Measuring;

/// <summary>What a scenario or a step measures. May be added to from any thread.</summary>
internal sealed class Meter(string name)
{
    private readonly ConcurrentDictionary<string, Meter> _steps = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Meter> _stepsInOrder = new();

    public string Name { get; } = name;

    private Side Ok { get; } = new(isError: false);

    private Side Fail { get; } = new(isError: true);

    public void Add(TimeSpan took, IResponse response) => (response.IsError ? Fail : Ok).Add(took, response);

    public Meter Step(string name) => _steps.TryGetValue(name, out var step) ? step : NewStep(name);

    public (Distribution Ok, Distribution Fail) Look() => (Ok.Latency(), Fail.Latency());

    public ScenarioStats Stats(TimeSpan duration, IReadOnlyList<Moment> timeline)
    {
        var ok = Ok.Stats(duration, All);
        var fail = Fail.Stats(duration, All);
        return new()
        {
            ScenarioName = Name,
            Ok = ok,
            Fail = fail,
            StepStats = [.. _stepsInOrder.Select(step => new StepStats { StepName = step.Name, Ok = step.Ok.Stats(duration, step.All), Fail = step.Fail.Stats(duration, step.All) })],
            AllRequestCount = ok.Request.Count + fail.Request.Count,
            AllOkCount = ok.Request.Count,
            AllFailCount = fail.Request.Count,
            AllBytes = ok.DataTransfer.AllBytes + fail.DataTransfer.AllBytes,
            Duration = duration,
            Timeline = timeline,
        };
    }

    private long All() => Ok.Latency().Count + Fail.Latency().Count;

    private Meter NewStep(string name)
    {
        var step = new Meter(name);
        var kept = _steps.GetOrAdd(name, step);
        if (ReferenceEquals(kept, step))
        {
            _stepsInOrder.Enqueue(step);
        }

        return kept;
    }
}
