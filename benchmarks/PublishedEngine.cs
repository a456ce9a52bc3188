using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Decisioning.Benchmarks;

/// <summary>The engine published for this machine, in a folder that is gone when disposed.</summary>
internal sealed class PublishedEngine : IDisposable
{
    private readonly string _work;

    private PublishedEngine(string work, string folder) => (_work, Folder) = (work, folder);

    /// <summary>Where the program lies.</summary>
    public string Folder { get; }

    /// <summary>Publishes the checkout's engine, which takes a minute.</summary>
    /// <returns>Null, with the reason printed, where the registry does not have what compiles it.</returns>
    public static async Task<PublishedEngine?> TryMakeAsync()
    {
        var work = Directory.CreateTempSubdirectory("decisioning-published-").FullName;
        var folder = Path.Combine(work, "engine");
        Console.Error.WriteLine("publishing the engine");
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                "publish", "src/Silo", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false",
                "--artifacts-path", Path.Combine(work, "build"), "-o", folder, "-v", "q", "--nologo",
            ])
        {
            WorkingDirectory = Checkout.Root(),
            RedirectStandardOutput = true,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        PublishedEngine engine = new(work, folder);
        if (process.ExitCode == 0)
        {
            return engine;
        }

        Console.Error.WriteLine($"the engine could not be published: {output.Split('\n')[0]}");
        engine.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_work, recursive: true);
}
