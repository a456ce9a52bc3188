using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;
using Spectre.Console;

namespace Decisioning.Packages.NBomber.Tests;

/// <summary>Runs scenarios on a time of their own.</summary>
internal static class ManualTest
{
    public static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    public static NodeStats Run(ManualPace pace, params ScenarioProps[] scenarios) => Context(pace, scenarios).WithoutReports().Run();

    public static NBomberContext Context(ManualPace pace, params ScenarioProps[] scenarios) => NBomberRunner
        .RegisterScenarios(scenarios)
        .WithTestName("test")
        .WithTestSuite("suite") with
        {
            Pace = () => pace,
            Console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(TextWriter.Null) }),
        };

    /// <summary>A scenario whose answers come after a time.</summary>
    public static ScenarioProps Answering(ManualPace pace, string name, TimeSpan after, params LoadSimulation[] load) => Scenario
        .Create(name, async _ =>
        {
            await pace.After(after);
            return Response.Ok();
        })
        .WithoutWarmUp()
        .WithLoadSimulations(load);
}
