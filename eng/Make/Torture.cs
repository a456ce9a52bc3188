namespace Decisioning.Make;

/// <summary>Kills engines and their stores under load, and checks what they acknowledged.</summary>
internal static class Torture
{
    public static async Task<int> RunAsync(string root, List<string> arguments) =>
        await Dotnet.BuildAsync(root, "tests/Simulation", "Release")
            ? await Dotnet.RunAsync(root, [Path.Combine(root, "tests", "Simulation", "bin", "Release", "net10.0", "Decisioning.Simulation.Tests.dll"), "torture", .. arguments])
            : 1;
}
