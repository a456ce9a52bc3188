using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Decisioning.LoadTests.Engine;

/// <summary>
/// nghttp2's h2load, a client in C: callers who each wait for their answer and ask again at once. One process for each body.
/// </summary>
internal static partial class H2Load
{
    private const string Program = "h2load";
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    /// <summary>Makes the calls.</summary>
    /// <param name="method">Where to.</param>
    /// <param name="bodies">What each process sends, files of gRPC's frames.</param>
    /// <param name="connections">Connections of each process.</param>
    /// <param name="streams">Calls open at once on each connection.</param>
    /// <param name="during">For how long.</param>
    /// <exception cref="LoadException">It is not installed, or does not end.</exception>
    public static async Task<H2LoadRun> RunAsync(Uri method, IReadOnlyList<string> bodies, int connections, int streams, TimeSpan during)
    {
        if (!Programs.Has(Program))
        {
            throw new LoadException($"{Program} is not installed here; on Debian or Ubuntu: apt-get install --no-install-recommends nghttp2-client", LoadException.Refused);
        }

        var runs = await Task.WhenAll(bodies.Select(body => RunAsync(method, body, connections, streams, during)));
        return new([.. runs.SelectMany(run => run.Milliseconds).Order()], runs.Sum(run => run.Failed));
    }

    private static async Task<H2LoadRun> RunAsync(Uri method, string body, int connections, int streams, TimeSpan during)
    {
        var log = body + ".log";
        File.Delete(log);
        string[] arguments =
        [
            "-D", during.TotalSeconds.ToString("0", CultureInfo.InvariantCulture), "-c", $"{connections}", "-m", $"{streams}", "-d", body,
            "-H", "content-type: application/grpc", "-H", "te: trailers", $"--log-file={log}", method.AbsoluteUri,
        ];
        using var process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = new CancellationTokenSource(during + Grace);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            var failed = Failures().Match(await output);
            if (!failed.Success)
            {
                throw new LoadException($"{Program} made no calls: {(await errors).Trim()}");
            }

            // A line of the log: when the call was sent, the status of HTTP, the microseconds until its end.
            var took = (await File.ReadAllLinesAsync(log, limit.Token)).Select(line => long.Parse(line.AsSpan(line.LastIndexOf('\t') + 1), CultureInfo.InvariantCulture) / 1000.0);
            return new([.. took], failed.Groups.Values.Skip(1).Sum(group => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture)));
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new LoadException($"{Program} did not end within {Grace.TotalSeconds:0} s of its time");
        }
        finally
        {
            File.Delete(log);
        }
    }

    [GeneratedRegex(@"succeeded, (\d+) failed, (\d+) errored, (\d+) timeout", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Failures();
}

/// <summary>What became of the calls, refused ones among them: HTTP's status says nothing of gRPC's.</summary>
/// <param name="Milliseconds">How long each took, the shortest first; those that were under way at the end not.</param>
/// <param name="Failed">Calls without an answer.</param>
internal sealed record H2LoadRun(double[] Milliseconds, int Failed)
{
    /// <summary>Milliseconds that 99 of 100 did not exceed; 0 without an answer.</summary>
    public double P99 => Milliseconds.Length == 0 ? 0 : Milliseconds[Math.Min(Milliseconds.Length - 1, Milliseconds.Length * 99 / 100)];
}
