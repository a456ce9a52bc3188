namespace Decisioning.Make;

/// <summary>Runs the command line from the checkout.</summary>
internal static class Decide
{
    public static async Task<int> RunAsync(string root, List<string> arguments)
    {
        if (!await Dotnet.BuildAsync(root, "src/Cli", "Release"))
        {
            return 1;
        }

        return await Dotnet.RunAsync(Environment.CurrentDirectory, [Dotnet.Built(root, "src/Cli", "Release"), .. arguments]);
    }
}
