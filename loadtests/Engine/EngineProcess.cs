using System.Globalization;

namespace Decisioning.LoadTests.Engine;

/// <summary>The engine in a process of its own, on ports that stay the same when it is started again.</summary>
internal sealed class EngineProcess : ServerProcess
{
    private readonly Uri _metrics;

    /// <param name="arguments">Its command line, but for the ports.</param>
    /// <param name="log">The file that what it says is added to.</param>
    public EngineProcess(IEnumerable<string> arguments, string log)
        : this(arguments, log, FreePort())
    {
    }

    private EngineProcess(IEnumerable<string> arguments, string log, int httpPort)
        : base("the engine", EngineHost.Verb, ["--http-port", $"{httpPort}", .. arguments], log) => _metrics = new($"http://127.0.0.1:{httpPort}/metrics");

    /// <summary>A measurement as the engine tells it now; 0 where it says nothing of it.</summary>
    /// <param name="name">As it stands in <c>/metrics</c>.</param>
    /// <param name="labels">What stands in its labels; without any, all of them together.</param>
    public async Task<double> MetricAsync(string name, params string[] labels)
    {
        using var http = new HttpClient();
        var lines = (await http.GetStringAsync(_metrics)).Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal) && line[name.Length] is ' ' or '{')
            .Where(line => Array.TrueForAll(labels, label => line.Contains(label, StringComparison.Ordinal)));

        // Behind the labels, of which there may be none.
        return lines.Sum(line => double.Parse(line[Math.Max(line.LastIndexOf('}') + 1, name.Length)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
    }
}
