using System.Diagnostics;
using Decisioning.Simulation.Tests.Audit;
using Decisioning.Simulation.Tests.Load;
using Decisioning.Storage;
using Decisioning.Tests.Shared;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Api = Decisioning.V1;

namespace Decisioning.Simulation.Tests.Torture;

/// <summary>Engines that are one cluster on one store: one after another is killed under load and comes back; then the audit.</summary>
/// <param name="store">The store they share.</param>
/// <param name="options">How many, how long, and from which seed.</param>
/// <param name="say">Where progress goes.</param>
internal sealed class ClusterRun(TortureStore store, TortureOptions options, Action<string> say) : ITortureRun
{
    private const int LifeMillisecondsMin = 500;
    private const int LifeMillisecondsMax = 3_000;
    private const int Asked = 100;
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromMilliseconds(20);
    private readonly Random _random = new(options.Seed);
    private readonly LoadRun _load = new(options.Seed, options.Callers, options.Customers);
    private readonly List<(SiloProcess Silo, Connection Connection)> _members = [];
    private readonly List<TimeSpan> _recoveries = [];
    private int _kills;

    /// <summary>Runs all of it.</summary>
    public async Task<Summary> RunAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (_members.Count < options.Silos)
        {
            await JoinAsync();
        }

        while (_kills < options.Kills)
        {
            await Pause.ForAsync(TimeSpan.FromMilliseconds(_random.Next(LifeMillisecondsMin, LifeMillisecondsMax)));
            await KillAsync(_members[_random.Next(_members.Count)]);
            await JoinAsync();
            say($"{store.Name}: {_kills} kills, the last one's customers back after {_recoveries[^1].TotalMilliseconds:0} ms, {_load.Ledger.Acknowledged} acknowledged, {_load.Findings.Total} findings");
        }

        await _load.DrainAsync();
        foreach (var (silo, connection) in _members.ToList())
        {
            await StopAsync(silo, connection);
        }

        await using var opened = store.Open();
        var auditor = new Auditor(_load.Ledger, _load.Findings, TortureStrategy.Compile(TortureStrategy.Folder));
        await auditor.AuditAsync(opened.GetRequiredService<ICustomerLog>(), opened.GetRequiredService<IDecisionLog>());
        var summary = Summary.Of($"{store.Name}, {options.Silos} silos", _load, auditor, _kills, [], Stopwatch.GetElapsedTime(started));
        summary.Add("kill to answers for all customers", _recoveries);
        return summary;
    }

    public async ValueTask DisposeAsync()
    {
        _load.Dispose();
        foreach (var (silo, _) in _members)
        {
            await silo.DisposeAsync();
        }

        await store.DisposeAsync();
    }

    private async Task JoinAsync()
    {
        var startedAt = Stopwatch.GetTimestamp();
        var silo = SiloProcess.Started([.. store.Arguments, "--Decisioning:Cluster:Mode", "postgres", "--strategy", TortureStrategy.Folder, .. options.EngineArguments]);
        if (!await silo.BecomesReadyAsync())
        {
            throw new InvalidOperationException($"the engine did not start after {_kills} kills:\n{silo.Output()}");
        }

        _members.Add((silo, _load.Target.Up(silo.GrpcAddress, startedAt)));
    }

    private async Task KillAsync((SiloProcess Silo, Connection Connection) member)
    {
        _kills++;
        member.Connection.KilledAt = Stopwatch.GetTimestamp();
        await member.Silo.KillAsync();
        _load.Target.Down(member.Connection);
        _members.Remove(member);
        await member.Silo.DisposeAsync();
        await Task.WhenAll(_load.Customers.Take(Asked).Select(AnsweredAsync));
        _recoveries.Add(Stopwatch.GetElapsedTime(member.Connection.KilledAt));
    }

    private async Task AnsweredAsync(LoadCustomer customer)
    {
        var question = new Api.NextBestActionRequest { Customer = customer.Identity, Channel = "web", Explain = Api.ExplainLevel.None };
        while (true)
        {
            var connection = await _load.Target.ConnectionAsync(CancellationToken.None);
            try
            {
                await connection.Decisions.NextBestActionAsync(question);
                return;
            }
            catch (RpcException e)
            {
                _load.Failures.Add(e);
                await Pause.ForAsync(BetweenQuestions);
            }
        }
    }

    private async Task StopAsync(SiloProcess silo, Connection connection)
    {
        _load.Target.Down(connection);
        if (await silo.StopAsync() is not 0 and var exitCode)
        {
            _load.Findings.Add(Finding.Unforeseen, $"an engine ended with exit code {exitCode}:\n{silo.Output()}");
        }
    }
}
