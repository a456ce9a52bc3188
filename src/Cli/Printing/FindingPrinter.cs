using Decisioning.V1;

namespace Decisioning.Cli.Printing;

/// <summary>Prints what an engine found in a strategy, a line each: where, and what.</summary>
internal static class FindingPrinter
{
    public static void Print(string severity, IEnumerable<StrategyError> findings)
    {
        foreach (var finding in findings)
        {
            Console.WriteLine(Visible.Text($"{finding.File}:{finding.Line}:{finding.Column}: {severity} {finding.Rule}: {finding.Path}: {finding.Message}"));
        }
    }
}
