using System.Collections.Immutable;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Testing;

/// <summary>Runs test cases. Pure, and safe for concurrent use: every case is a customer of its own.</summary>
public static class TestRunner
{
    /// <summary>
    /// Runs one case on the recorder and the decider that a running engine uses, in virtual time. It ends at the first look at which
    /// something is not as expected: what follows would only repeat it.
    /// </summary>
    /// <param name="test">The case.</param>
    /// <param name="strategy">The strategy of its suite.</param>
    /// <param name="tellsLooks">Whether to report what was seen at each look, with all reasons.</param>
    public static CaseReport Run(TestCase test, Strategy strategy, bool tellsLooks = false)
    {
        var run = new CaseRun(test, strategy, tellsLooks);
        foreach (var step in test.Steps)
        {
            if (!run.Take(step))
            {
                break;
            }
        }

        return run.Report();
    }
}
