using Decisioning.LoadTests.Runs;

namespace Decisioning.LoadTests.Scenarios;

/// <summary>One question to an engine under load. Its name is its type's.</summary>
internal interface ILoadScenario
{
    /// <summary>The question.</summary>
    string Question { get; }

    /// <summary>Whether it stops, starts or looks into the engine, which it can with one of its own alone.</summary>
    bool NeedsOwnEngine => false;

    /// <summary>Finds the answer.</summary>
    Task<IReadOnlyList<Row>> RunAsync(LoadRun run);
}
