namespace Decisioning.Make;

/// <summary>Puts an engine under load.</summary>
internal static class Load
{
    public static async Task<int> RunAsync(string root, List<string> arguments) =>
        await Dotnet.BuildAsync(root, "loadtests", "Release")
            ? await Dotnet.RunAsync(Environment.CurrentDirectory, [Path.Combine(root, "loadtests", "bin", "Release", "net10.0", "Decisioning.LoadTests.dll"), .. arguments])
            : 1;
}
