namespace Decisioning.Make;

/// <summary>Does to an engine what the world does, for longer than tests may take: torture and attacks.</summary>
internal static class Simulation
{
    /// <summary>Runs it in one of its modes.</summary>
    /// <param name="mode">Its name on the command line.</param>
    public static Func<string, List<string>, Task<int>> Of(string mode) => async (root, arguments) =>
        await Dotnet.BuildAsync(root, "tests/Simulation", "Release")
            ? await Dotnet.RunAsync(root, [Path.Combine(root, "tests", "Simulation", "bin", "Release", "net10.0", "Decisioning.Simulation.Tests.dll"), mode, .. arguments])
            : 1;
}
