using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Decisioning.Simulation.Tests.Attack;

/// <summary>
/// A caller that behaves, in a process of its own: so that how long it waits is the engine's doing and not that of the attacks, which keep
/// this process busy.
/// </summary>
internal sealed class Bystander : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _reading;
    private readonly ConcurrentQueue<Sample> _samples = [];
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Bystander(Process process) => (_process, _reading) = (process, ReadAsync(process.StandardOutput));

    /// <summary>Everything it did so far.</summary>
    public IReadOnlyCollection<Sample> Samples => _samples;

    /// <summary>Starts one and waits for its first answer.</summary>
    public static async Task<Bystander> StartAsync(Arena arena)
    {
        var info = new ProcessStartInfo("dotnet", [typeof(Bystander).Assembly.Location, BystanderCalls.Mode, arena.Engine.GrpcAddress, arena.Key($"{Arena.Victim}/agent"), $"{arena.Options.Seed}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        var bystander = new Bystander(Process.Start(info)!);
        await bystander._first.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return bystander;
    }

    /// <summary>What it saw of calls that were due between two timestamps of <see cref="Stopwatch"/>.</summary>
    public Window Between(long from, long to) => new([.. _samples.Where(sample => sample.Due >= from && sample.Due < to)]);

    /// <summary>Ends its calls and waits for their answers.</summary>
    public async Task EndAsync()
    {
        _process.StandardInput.Close();
        await _reading;
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader lines)
    {
        while (await lines.ReadLineAsync() is { } line)
        {
            var parts = line.Split('\t');
            _samples.Enqueue(new(long.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture), parts[2], parts[3], parts[4]));
            _first.TrySetResult();
        }
    }

    /// <summary>One call.</summary>
    /// <param name="Due">When it was to be made, as a timestamp of <see cref="Stopwatch"/>.</param>
    /// <param name="Milliseconds">From then to its answer.</param>
    /// <param name="Outcome">How it ended.</param>
    /// <param name="Customer">Of whom it was.</param>
    /// <param name="MessageId">The event that it told; empty for a question.</param>
    internal sealed record Sample(long Due, double Milliseconds, string Outcome, string Customer, string MessageId)
    {
        public bool IsGood => Outcome is "OK" or "Applied" or "LateApplied";
    }

    /// <summary>Some time of its calls.</summary>
    internal sealed record Window(Sample[] Samples)
    {
        /// <summary>What 99 of 100 calls took at most, in milliseconds.</summary>
        public double P99 => Samples.Length == 0 ? 0 : Samples.Select(sample => sample.Milliseconds).Order().ElementAt((int)(0.99 * (Samples.Length - 1)));

        public IEnumerable<Sample> Bad => Samples.Where(sample => !sample.IsGood);
    }
}
