using System.Diagnostics;

namespace Decisioning.Tests.Shared;

/// <summary>What a script of another language printed and how it ended.</summary>
public sealed record ForeignRun(int ExitCode, string Output)
{
    /// <summary>Names of the checks that held: lines of the form <c>ok NAME</c>.</summary>
    public IReadOnlyList<string> Held =>
        [.. Output.Split('\n').Where(line => line.StartsWith("ok ", StringComparison.Ordinal)).Select(line => line[3..].Trim())];
}

/// <summary>
/// Runs clients written in other languages against our server. A test skips, saying why, where the language or its gRPC
/// module is not installed: node from PATH; Python from <c>DECISIONING_PYTHON</c>, else the first that has grpcio.
/// </summary>
public static class ForeignClients
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly Lazy<Task<string?>> Python = new(FindPythonAsync);

    /// <summary>The folder that holds the solution file.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>Runs a script with node, after <c>npm ci</c> in its folder where that has not been done yet.</summary>
    /// <param name="script">Path from the repository root; its folder holds <c>package.json</c> and <c>package-lock.json</c>.</param>
    public static async Task<ForeignRun> NodeAsync(string script, params string[] arguments)
    {
        var path = Path.Combine(RepositoryRoot, script);
        var folder = Path.GetDirectoryName(path)!;
        await NodeReadyAsync(folder);
        return (await TryRunAsync("node", [path, .. arguments], folder))!;
    }

    /// <summary>Runs a text as a module of node, which imports from a folder as a script in it does.</summary>
    /// <param name="folder">Path from the repository root; it holds <c>package.json</c> and <c>package-lock.json</c>.</param>
    /// <param name="text">The module.</param>
    /// <param name="variables">Variables of its environment.</param>
    public static async Task<ForeignRun> NodeTextAsync(string folder, string text, IReadOnlyDictionary<string, string> variables)
    {
        var path = Path.Combine(RepositoryRoot, folder);
        await NodeReadyAsync(path);
        return (await TryRunAsync("node", ["--input-type=module", "--eval", text], path, variables))!;
    }

    /// <summary>Runs a script of a package's own, or a program that it brings, after <c>npm ci</c> where that has not been done yet.</summary>
    /// <param name="folder">Path from the repository root; it holds <c>package.json</c> and <c>package-lock.json</c>.</param>
    /// <param name="variables">Variables of its environment.</param>
    /// <param name="arguments">As <c>npm</c> takes them: <c>run build</c>, <c>exec -- vite build</c>.</param>
    public static async Task<ForeignRun> NpmAsync(string folder, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        var path = Path.Combine(RepositoryRoot, folder);
        await NodeReadyAsync(path);
        return (await TryRunAsync("npm", arguments, path, variables))!;
    }

    /// <summary>Runs a text with a shell and curl.</summary>
    /// <param name="text">The commands; the first that fails ends them.</param>
    /// <param name="variables">Variables of its environment.</param>
    public static async Task<ForeignRun> ShellAsync(string text, IReadOnlyDictionary<string, string> variables)
    {
        if (await TryRunAsync("curl", ["--version"], RepositoryRoot) is not { ExitCode: 0 })
        {
            Skip("curl is not installed");
        }

        return (await TryRunAsync("bash", ["-euo", "pipefail", "-c", text], RepositoryRoot, variables))!;
    }

    /// <summary>Runs a program of this machine; skips where it is not installed.</summary>
    public static async Task<ForeignRun> ProgramAsync(string program, params string[] arguments)
    {
        var run = await TryRunAsync(program, arguments, RepositoryRoot);
        if (run is null)
        {
            Skip($"{program} is not installed");
        }

        return run!;
    }

    /// <summary>The browser that tests may drive: <c>DECISIONING_CHROMIUM</c>, else the first on the path; skips where there is none.</summary>
    public static async Task<string> ChromiumAsync()
    {
        string?[] candidates = [Environment.GetEnvironmentVariable("DECISIONING_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"];
        foreach (var candidate in candidates.OfType<string>())
        {
            if (await TryRunAsync("which", [candidate], RepositoryRoot) is { ExitCode: 0 } found)
            {
                return found.Output.Trim();
            }
        }

        Skip("chromium is not installed");
        return "";
    }

    /// <summary>Runs a script with a Python that has grpcio.</summary>
    /// <param name="script">Path from the repository root; its folder is where it imports from.</param>
    public static async Task<ForeignRun> PythonAsync(string script, params string[] arguments)
    {
        var path = Path.Combine(RepositoryRoot, script);
        return (await TryRunAsync(await PythonReadyAsync(), [path, .. arguments], Path.GetDirectoryName(path)!))!;
    }

    /// <summary>Runs a text with a Python that has grpcio.</summary>
    /// <param name="text">The program; its current folder is the repository's root.</param>
    /// <param name="variables">Variables of its environment.</param>
    public static async Task<ForeignRun> PythonTextAsync(string text, IReadOnlyDictionary<string, string> variables) =>
        (await TryRunAsync(await PythonReadyAsync(), ["-c", text], RepositoryRoot, variables))!;

    /// <summary>Starts a script with a Python that has grpcio, to talk with it.</summary>
    /// <param name="script">Path from the repository root; its folder is where it imports from.</param>
    /// <param name="variables">Variables of its environment.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<Process> PythonStartAsync(string script, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        var path = Path.Combine(RepositoryRoot, script);
        return Start(await PythonReadyAsync(), [path, .. arguments], Path.GetDirectoryName(path)!, variables)!;
    }

    /// <summary>Starts a script with node, to talk with it; see <see cref="NodeAsync"/>.</summary>
    public static async Task<Process> NodeStartAsync(string script, params string[] arguments)
    {
        var path = Path.Combine(RepositoryRoot, script);
        var folder = Path.GetDirectoryName(path)!;
        await NodeReadyAsync(folder);
        return Start("node", [path, .. arguments], folder, variables: null)!;
    }

    private static async Task<string> PythonReadyAsync()
    {
        var python = await Python.Value;
        if (python is null)
        {
            Skip("no python3 with the modules grpc and google.protobuf; install python3-grpcio and python3-protobuf");
        }

        return python!;
    }

    private static async Task NodeReadyAsync(string folder)
    {
        if (await TryRunAsync("node", ["--version"], RepositoryRoot) is not { ExitCode: 0 })
        {
            Skip("node is not installed");
        }

        if (await InstallAsync(folder) is { } reason)
        {
            Skip(reason);
        }
    }

    /// <summary>Makes sure that the packages of the lock file are there. Returns why they are not, or null.</summary>
    private static async Task<string?> InstallAsync(string folder)
    {
        var installed = Path.Combine(folder, "node_modules", ".package-lock.json");
        var wanted = Path.Combine(folder, "package-lock.json");

        // Test projects run side by side and may share the folder: the first installs, the others wait for it.
        await using var turn = await TakeTurnAsync(Path.Combine(folder, "node_modules.lock"));
        if (File.Exists(installed) && File.GetLastWriteTimeUtc(installed) >= File.GetLastWriteTimeUtc(wanted))
        {
            return null;
        }

        var run = await TryRunAsync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], folder);
        if (run is not { ExitCode: 0 })
        {
            return $"npm ci failed in {Path.GetFileName(folder)}: {run?.Output ?? "npm is not installed"}";
        }

        File.SetLastWriteTimeUtc(installed, DateTime.UtcNow);
        return null;
    }

    private static async Task<FileStream> TakeTurnAsync(string path)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException)
            {
                await poll.WaitForNextTickAsync(patience.Token);
            }
        }
    }

    private static async Task<string?> FindPythonAsync()
    {
        string?[] candidates = [Environment.GetEnvironmentVariable("DECISIONING_PYTHON"), "python3", "/usr/bin/python3", "python"];
        foreach (var candidate in candidates.OfType<string>())
        {
            if (await TryRunAsync(candidate, ["-c", "import grpc, google.protobuf"], RepositoryRoot) is { ExitCode: 0 })
            {
                return candidate;
            }
        }

        return null;
    }

    private static async Task<ForeignRun?> TryRunAsync(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string>? variables = null)
    {
        if (Start(program, arguments, folder, variables) is not { } process)
        {
            return null;
        }

        using (process)
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            try
            {
                await process.WaitForExitAsync().WaitAsync(Patience);
            }
            catch (TimeoutException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }

            return new ForeignRun(process.ExitCode, await output + await errors);
        }
    }

    private static Process? Start(string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string>? variables)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        start.Environment["no_proxy"] = "*";
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static void Skip(string reason)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(reason);
        Console.WriteLine($"skipped: {reason}");
        Assert.Skip(reason);
    }

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Decisioning.sln")))
            {
                return at.FullName;
            }
        }

        throw new InvalidOperationException("the tests must run from within the repository: `Decisioning.sln` was not found above them");
    }
}
