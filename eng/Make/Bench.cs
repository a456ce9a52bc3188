namespace Decisioning.Make;

/// <summary>Prints the table of benchmarks.</summary>
internal static class Bench
{
    public static async Task<int> RunAsync(string root, List<string> arguments)
    {
        if (!await Dotnet.BuildAsync(root, "benchmarks/Benchmarks.csproj", "Release"))
        {
            return 1;
        }

        return await Dotnet.RunAsync(root, [Path.Combine(root, "benchmarks", "bin", "Release", "net10.0", "Decisioning.Benchmarks.dll"), .. arguments]);
    }
}
