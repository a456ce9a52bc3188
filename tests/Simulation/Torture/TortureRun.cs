using System.Diagnostics;
using Decisioning.Simulation.Tests.Audit;
using Decisioning.Simulation.Tests.Load;
using Decisioning.Storage;
using Decisioning.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Decisioning.Simulation.Tests.Torture;

/// <summary>One engine after another on one store, each killed under load; then the audit.</summary>
/// <param name="store">The store they share.</param>
/// <param name="options">How long, and from which seed.</param>
/// <param name="say">Where progress goes.</param>
internal sealed class TortureRun(TortureStore store, TortureOptions options, Action<string> say) : ITortureRun
{
    private readonly Random _random = new(options.Seed);
    private readonly LoadRun _load = new(options.Seed, options.Callers, options.Customers);
    private readonly List<TimeSpan> _recoveries = [];
    private int _kills;
    private long _verified;

    // How long a start takes on this machine, as the last one did.
    private TimeSpan _start = TimeSpan.FromSeconds(1);

    public Findings Findings => _load.Findings;

    /// <summary>Runs all of it.</summary>
    public async Task<Summary> RunAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (_kills < options.Kills)
        {
            await LiveAndDieAsync(KillPlan.Next(_random, _kills));
            if (_kills % 20 == 0)
            {
                say($"{store.Name}: {_kills} kills, {_load.Ledger.Acknowledged} acknowledged, {Findings.Total} findings, {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
            }
        }

        await LastLifeAsync();
        await using var opened = store.Open();
        var auditor = new Auditor(_load.Ledger, Findings, TortureStrategy.Compile(TortureStrategy.Folder));
        await auditor.AuditAsync(opened.GetRequiredService<ICustomerLog>(), opened.GetRequiredService<IDecisionLog>());
        var summary = Summary.Of(store.Name, _load, auditor, _kills, _recoveries, Stopwatch.GetElapsedTime(started));
        summary.Add("compared in memory by the engine", _verified);
        return summary;
    }

    public async ValueTask DisposeAsync()
    {
        _load.Dispose();
        await store.DisposeAsync();
    }

    private async Task LiveAndDieAsync(KillPlan plan)
    {
        var startedAt = Stopwatch.GetTimestamp();
        await using var silo = Start();
        Connection? connection = null;
        if (plan.Moment != KillMoment.WhileStarting)
        {
            connection = await ReadyAsync(silo, startedAt);
            _recoveries.Add(await connection.FirstAnswer);
            if (plan.Moment == KillMoment.WhileStopping)
            {
                silo.AskToStop();
            }
        }

        await Pause.ForAsync(plan.After(_start));
        _kills++;
        connection?.KilledAt = Stopwatch.GetTimestamp();
        await silo.KillAsync();
        if (connection is not null)
        {
            _load.Target.Down(connection);
        }
    }

    private async Task LastLifeAsync()
    {
        await using var silo = Start();
        var connection = await ReadyAsync(silo, Stopwatch.GetTimestamp());
        await _load.DrainAsync();
        _verified = await LiveAuditor.VerifyAsync(connection, Findings);
        if (await silo.StopAsync() is not 0 and var exitCode)
        {
            Findings.Add(Finding.Unforeseen, $"the engine ended with exit code {exitCode}:\n{silo.Output()}");
        }
    }

    private SiloProcess Start() => SiloProcess.Started([.. store.Arguments, "--strategy", TortureStrategy.Folder, .. options.EngineArguments]);

    private async Task<Connection> ReadyAsync(SiloProcess silo, long startedAt)
    {
        if (!await silo.BecomesReadyAsync())
        {
            throw new InvalidOperationException($"the engine did not start again after {_kills} kills:\n{silo.Output()}");
        }

        _start = Stopwatch.GetElapsedTime(startedAt);
        return _load.Target.Up(silo.GrpcAddress, startedAt);
    }
}
