using Decisioning.LoadTests.Runs;

namespace Decisioning.LoadTests.Scenarios;

/// <summary>One question to an engine under load. Its name is its type's.</summary>
internal interface ILoadScenario
{
    /// <summary>The question.</summary>
    string Question { get; }

    /// <summary>Whether it stops, starts or looks into the engine, which it can with one of its own alone.</summary>
    bool NeedsOwnEngine => false;

    /// <summary>Whether it needs the run's engine told of its customers; false where it has engines of its own only.</summary>
    bool NeedsCustomers => true;

    /// <summary>Finds the answer.</summary>
    Task<IReadOnlyList<Row>> RunAsync(LoadRun run);
}
