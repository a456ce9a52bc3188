using NBomber.Contracts.Stats;

namespace NBomber;

/// <summary>Finds statistics by name.</summary>
public static class StatsExtensions
{
    /// <summary>A scenario's. Throws where there is none of that name.</summary>
    public static ScenarioStats Get(this ScenarioStats[] stats, string name) => stats.Find(name) ?? throw Missing("scenario", name);

    /// <summary>A scenario's, or null.</summary>
    public static ScenarioStats? Find(this ScenarioStats[] stats, string name) => Array.Find(stats, each => each.ScenarioName == name);

    /// <summary>Whether there is one.</summary>
    public static bool Exists(this ScenarioStats[] stats, string name) => stats.Find(name) is not null;

    /// <summary>A step's. Throws where there is none of that name.</summary>
    public static StepStats Get(this StepStats[] stats, string name) => stats.Find(name) ?? throw Missing("step", name);

    /// <summary>A step's, or null.</summary>
    public static StepStats? Find(this StepStats[] stats, string name) => Array.Find(stats, each => each.StepName == name);

    /// <summary>Whether there is one.</summary>
    public static bool Exists(this StepStats[] stats, string name) => stats.Find(name) is not null;

    /// <summary>A status code's. Throws where there is none of that name.</summary>
    public static StatusCodeStats Get(this StatusCodeStats[] stats, string code) => stats.Find(code) ?? throw Missing("status code", code);

    /// <summary>A status code's, or null.</summary>
    public static StatusCodeStats? Find(this StatusCodeStats[] stats, string code) => Array.Find(stats, each => each.StatusCode == code);

    /// <summary>Whether there is one.</summary>
    public static bool Exists(this StatusCodeStats[] stats, string code) => stats.Find(code) is not null;

    private static KeyNotFoundException Missing(string what, string name) => new($"there is no {what} `{name}`");
}
