using Decisioning.Simulation.Tests.Audit;

namespace Decisioning.Simulation.Tests.Load;

/// <summary>Many callers at once on one target.</summary>
internal sealed class LoadRun : IDisposable
{
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(90);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Task[] _callers;

    public LoadRun(int seed, int callers, int customers)
    {
        Failures = new(Findings);
        Ledger = new(Findings);
        Customers = [.. Enumerable.Range(0, customers).Select(number => new LoadCustomer(number))];
        var recent = new RecentIntents();
        _callers = [.. Enumerable.Range(0, callers).Select(number => Task.Run(() =>
        {
            var maker = new EventMaker($"c{number}", seed * 1_000 + number, Customers, recent, TimeProvider.System);
            return new Caller(maker, Target, Ledger, Findings, Failures).RunAsync(_stop.Token, _giveUp.Token);
        }))];
    }

    public LoadCustomer[] Customers { get; }

    public Findings Findings { get; } = new();

    public Ledger Ledger { get; }

    public Failures Failures { get; }

    public Target Target { get; } = new();

    /// <summary>Ends the load: nothing new is sent, and all that was sent is acknowledged before this ends.</summary>
    public async Task DrainAsync()
    {
        await _stop.CancelAsync();
        _giveUp.CancelAfter(DrainMax);
        try
        {
            await Task.WhenAll(_callers);
        }
        catch (OperationCanceledException)
        {
            Findings.Add(Finding.Unforeseen, $"not everything was acknowledged {DrainMax.TotalSeconds:0} s after the last fault");
        }
    }

    public void Dispose()
    {
        _giveUp.Cancel();
        Target.Dispose();
        _stop.Dispose();
        _giveUp.Dispose();
    }
}
