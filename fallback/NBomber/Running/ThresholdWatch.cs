using NBomber.Contracts;
using NBomber.Contracts.Stats;

namespace NBomber.Running;

/// <summary>A threshold and what became of it so far.</summary>
internal sealed class ThresholdWatch(string scenario, Threshold threshold)
{
    private int _errors;
    private string _exception = "";

    public string Scenario { get; } = scenario;

    public string Expression => threshold.Expression;

    /// <summary>Looks at it.</summary>
    /// <returns>Whether the test is to be stopped.</returns>
    public bool Check(ScenarioStats stats, TimeSpan into)
    {
        if (into < threshold.StartCheckAfter)
        {
            return false;
        }

        try
        {
            if (threshold.Holds(stats))
            {
                return false;
            }
        }
        catch (Exception e)
        {
            _exception = e.Message;
        }

        return ++_errors >= threshold.AbortWhenErrorCount;
    }

    public ThresholdResult Result() => new()
    {
        ScenarioName = Scenario,
        StepName = threshold.StepName,
        CheckExpression = Expression,
        ExceptionMsg = _exception,
        ErrorCount = _errors,
        IsFailed = _errors > 0,
    };
}
