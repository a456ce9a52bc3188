using System.Diagnostics;
using System.Globalization;
using Decisioning.Simulation.Tests.Audit;
using Decisioning.Simulation.Tests.Load;
using Decisioning.Simulation.Tests.Torture.Faults;
using Decisioning.Storage;
using Decisioning.Tests.Shared;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Api = Decisioning.V1;

namespace Decisioning.Simulation.Tests.Torture;

/// <summary>One engine under load whose store meets one fault after another; then the audit.</summary>
/// <param name="store">The store.</param>
/// <param name="options">Which faults, and from which seed.</param>
/// <param name="say">Where progress goes.</param>
internal sealed class FaultRun(TortureStore store, TortureOptions options, Action<string> say) : ITortureRun
{
    // What runs anyway in such a time; queues without a bound would take more within the seconds of a fault.
    private const long GrowthMax = 256L * 1024 * 1024;
    private const int Warm = 20;
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RecoveryMax = TimeSpan.FromSeconds(30);
    private readonly LoadRun _load = new(options.Seed, options.Callers, options.Customers);
    private readonly List<(string Name, string Value)> _rows = [];
    private Connection _connection = null!;
    private long _verified;

    /// <summary>Runs all of it.</summary>
    public async Task<Summary> RunAsync()
    {
        var started = Stopwatch.GetTimestamp();
        await using (var silo = await StartAsync())
        {
            foreach (var fault in await store.FaultsAsync())
            {
                if (options.Wants(fault.Name))
                {
                    await SufferAsync(fault, silo);
                }
            }

            await _load.DrainAsync();
            _verified = await LiveAuditor.VerifyAsync(_connection, _load.Findings);
            if (await silo.StopAsync() is not 0 and var exitCode)
            {
                _load.Findings.Add(Finding.Unforeseen, $"the engine ended with exit code {exitCode}");
            }

            if (_load.Findings.Total > 0)
            {
                say(silo.Output());
            }
        }

        await using var opened = store.Open();
        var auditor = new Auditor(_load.Ledger, _load.Findings, TortureStrategy.Compile(TortureStrategy.Folder));
        await auditor.AuditAsync(opened.GetRequiredService<ICustomerLog>(), opened.GetRequiredService<IDecisionLog>());
        var summary = Summary.Of($"{store.Name}, faults", _load, auditor, kills: 0, [], Stopwatch.GetElapsedTime(started));
        summary.Add("compared in memory by the engine", _verified);
        _rows.ForEach(row => summary.Add(row.Name, row.Value));
        return summary;
    }

    public async ValueTask DisposeAsync()
    {
        _load.Dispose();
        await store.DisposeAsync();
    }

    private async Task<SiloProcess> StartAsync()
    {
        var startedAt = Stopwatch.GetTimestamp();
        var silo = SiloProcess.Started([.. store.Arguments, "--strategy", TortureStrategy.Folder, .. options.EngineArguments]);
        if (!await silo.BecomesReadyAsync())
        {
            throw new InvalidOperationException($"the engine did not start:\n{silo.Output()}");
        }

        _connection = _load.Target.Up(silo.GrpcAddress, startedAt);
        return silo;
    }

    private async Task SufferAsync(Fault fault, SiloProcess silo)
    {
        await Pause.ForAsync(Between);
        await AskAllAsync(mustAnswer: false);
        var (memory, refused) = (silo.ResidentBytes, _load.Failures.WithRetryDelay);

        await fault.BeginAsync();
        var (answered, asked) = await AskWhileAsync(fault.Lasts);
        (memory, refused) = (silo.ResidentBytes - memory, _load.Failures.WithRetryDelay - refused);
        await fault.EndAsync();

        var ended = Stopwatch.GetTimestamp();
        var recovery = await RecoveryAsync(ended);
        Judge(fault, answered, asked, refused, memory, recovery);
        var row = string.Create(
            CultureInfo.InvariantCulture,
            $"{fault.Lasts.TotalSeconds:0} s: decisions answered {answered} of {asked}, events refused with a retry delay {refused}, memory {memory / 1024 / 1024:+0;-0;0} MB, first acknowledgement after {recovery.TotalMilliseconds:0} ms");
        _rows.Add(($"fault {fault.Name}", row));
        say($"{store.Name}: {fault.Name} {row}, {_load.Findings.Total} findings");
    }

    private void Judge(Fault fault, int answered, int asked, int refused, long memory, TimeSpan recovery)
    {
        if (answered < asked || asked == 0)
        {
            _load.Findings.Add(Finding.Unforeseen, $"during `{fault.Name}` {asked - answered} of {asked} decisions about customers in memory were not answered");
        }

        if (fault.StopsEvents && refused == 0)
        {
            _load.Findings.Add(Finding.Unforeseen, $"during `{fault.Name}` nothing was refused with a retry delay");
        }

        if (!fault.Happened)
        {
            _load.Findings.Add(Finding.Unforeseen, $"`{fault.Name}` did not happen");
        }

        if (memory > GrowthMax)
        {
            _load.Findings.Add(Finding.Unforeseen, $"during `{fault.Name}` the engine grew by {memory / 1024 / 1024} MB");
        }

        if (recovery >= RecoveryMax)
        {
            _load.Findings.Add(Finding.Unforeseen, $"after `{fault.Name}` nothing was acknowledged for {recovery.TotalSeconds:0} s");
        }
    }

    // The customers asked about are in memory: they were asked about just before.
    private async Task<(int Answered, int Asked)> AskWhileAsync(TimeSpan time)
    {
        var (answered, asked, began) = (0, 0, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(began) < time)
        {
            answered += await AskAllAsync(mustAnswer: true);
            asked += Warm;
            await Pause.ForAsync(BetweenLooks);
        }

        return (answered, asked);
    }

    private async Task<int> AskAllAsync(bool mustAnswer)
    {
        var answered = 0;
        foreach (var customer in _load.Customers.Take(Warm))
        {
            try
            {
                var question = new Api.NextBestActionRequest { Customer = customer.Identity, Channel = "web", Explain = Api.ExplainLevel.None, DryRun = true };
                await _connection.Decisions.NextBestActionAsync(question, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(5));
                answered++;
            }
            catch (RpcException e)
            {
                _load.Failures.Add(e);
                if (mustAnswer)
                {
                    say($"not answered: {e.Status}");
                }
            }
        }

        return answered;
    }

    private async Task<TimeSpan> RecoveryAsync(long ended)
    {
        var acknowledged = _load.Ledger.Acknowledged;
        while (_load.Ledger.Acknowledged == acknowledged && Stopwatch.GetElapsedTime(ended) < RecoveryMax)
        {
            await Pause.ForAsync(BetweenLooks);
        }

        return Stopwatch.GetElapsedTime(ended);
    }
}
