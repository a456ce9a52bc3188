namespace Decisioning.Simulation.Tests.Attack;

/// <summary>Something that is tried against an engine.</summary>
/// <param name="Name">What is tried, in a few words.</param>
/// <param name="RunAsync">Tries it.</param>
internal sealed record Attack(string Name, Func<Arena, Tally, Task> RunAsync);
