using System.Diagnostics;
using System.Text.RegularExpressions;
using Decisioning.Simulation.Tests.Attack.Attacks;
using Decisioning.Simulation.Tests.Load;

namespace Decisioning.Simulation.Tests.Attack;

/// <summary>One engine, one attack after another, and beside them a caller that behaves.</summary>
internal sealed partial class AttackRun(Arena arena, Bystander? bystander, Action<string> say)
{
    // Buffers of thousands of connections stay with the runtime for a while; what grows without a bound is more within seconds.
    private const long GrowthMax = 256L * 1024 * 1024;
    private const int LinesMax = 500;

    // A machine that does other things makes a caller wait too: what an attack does, it does each time.
    private const int TriesMax = 3;
    private static readonly TimeSpan CloseMax = TimeSpan.FromSeconds(80);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);
    private readonly List<AttackResult> _results = [];
    private int _linesSeen;

    /// <summary>Every attack there is.</summary>
    public static IEnumerable<Attack> All =>
    [
        .. CredentialAttacks.All, .. MutationAttacks.All, .. FrameAttacks.All, .. FloodAttacks.All, .. SlowAttacks.All, .. Http1Attacks.All, .. BombAttacks.All,
        .. InjectionAttacks.All,
    ];

    /// <summary>Runs all that was asked for, then looks at what the engine has become.</summary>
    public static async Task<IReadOnlyList<AttackResult>> RunAsync(AttackOptions options, Action<string> say)
    {
        await using var arena = await Arena.OpenAsync(options);
        await using var bystander = options.IsQuick ? null : await Bystander.StartAsync(arena);
        var run = new AttackRun(arena, bystander, say);
        run.LogSince(new Tally());
        foreach (var attack in All.Where(attack => options.Wants(attack.Name)))
        {
            run._results.Add(await run.SufferAsync(attack));
        }

        await run.AuditAsync();
        return run._results;
    }

    private async Task<AttackResult> SufferAsync(Attack attack)
    {
        AttackResult result;
        var tries = 0;
        do
        {
            result = await TryAsync(attack);
            say($"{attack.Name}: {result.Tally.Count} tried in {result.Took.TotalSeconds:0.0} s, {result.Tally.Outcomes}; p99 {result.Before:0.0} → {result.During:0.0} → {result.After:0.0} ms, {result.Tally.Findings} findings");
        }
        while (result.Tally.Findings == 0 && result.Ratio > arena.Options.RatioMax && ++tries < TriesMax);

        if (result.Ratio > arena.Options.RatioMax)
        {
            result.Tally.Find($"others waited {result.Ratio:0.0} times as long, {TriesMax} times in a row");
        }

        return result;
    }

    private async Task<AttackResult> TryAsync(Attack attack)
    {
        var tally = new Tally();
        var quietSince = Stopwatch.GetTimestamp();
        await QuietAsync();
        var open = await arena.OpenAsync();
        var (memory, began) = (arena.Engine.ResidentBytes, Stopwatch.GetTimestamp());
        await attack.RunAsync(arena, tally);
        var ended = Stopwatch.GetTimestamp();
        await QuietAsync();
        var over = Stopwatch.GetTimestamp();

        if (!await arena.IsReadyAsync())
        {
            tally.Find($"the engine is not ready afterwards: {arena.Engine.Output()}");
        }

        if (!arena.Options.IsQuick)
        {
            await CloseAsync(open, tally);
        }

        var grown = arena.Engine.ResidentBytes - memory;
        if (grown > GrowthMax)
        {
            tally.Find($"the engine holds {grown / 1024 / 1024} MB more");
        }

        LogSince(tally);
        var during = bystander?.Between(began, ended);
        foreach (var bad in during?.Bad ?? [])
        {
            tally.Find($"a call of another tenant ended with {bad.Outcome}");
        }

        return new(
            attack.Name, tally, Stopwatch.GetElapsedTime(began, ended), bystander?.Between(quietSince, began).P99 ?? 0, during?.P99 ?? 0, bystander?.Between(ended, over).P99 ?? 0, grown);
    }

    // What nobody holds on the other side ends here too, within a while: else an attacker fills up what may be open at once.
    private async Task CloseAsync((double Connections, double Requests) before, Tally tally)
    {
        var now = await arena.OpenAsync();
        for (var began = Stopwatch.GetTimestamp(); (now.Connections > before.Connections || now.Requests > before.Requests) && Stopwatch.GetElapsedTime(began) < CloseMax; now = await arena.OpenAsync())
        {
            await Pause.ForAsync(BetweenLooks);
        }

        if (now.Connections > before.Connections || now.Requests > before.Requests)
        {
            tally.Find($"{now.Connections - before.Connections} connections and {now.Requests - before.Requests} requests are still open {CloseMax.TotalSeconds:0} s after their callers left");
        }
    }

    private Task QuietAsync() => bystander is null ? Task.CompletedTask : Pause.ForAsync(Quiet);

    /// <summary>Looks through the lines logged since it did so last.</summary>
    private void LogSince(Tally tally)
    {
        var lines = arena.Engine.Output().Split('\n');
        var fresh = lines.Skip(_linesSeen).ToList();
        _linesSeen = lines.Length;
        foreach (var line in fresh)
        {
            if (!Line().IsMatch(line))
            {
                tally.Find($"a line of the log that does not begin as one: {line}");
            }
            else if (Failure().IsMatch(line))
            {
                tally.Find($"in the log: {line}");
            }
            else if (line.Contains(Arena.Canary, StringComparison.OrdinalIgnoreCase))
            {
                tally.Find($"a customer's id or contents are in the log: {line}");
            }
        }

        if (fresh.Count > LinesMax)
        {
            tally.Find($"{fresh.Count} lines were logged, the last: {fresh[^1]}");
        }
    }

    private async Task AuditAsync()
    {
        var (tally, began) = (new Tally(), Stopwatch.GetTimestamp());
        if (bystander is not null)
        {
            await bystander.EndAsync();
        }

        await new AttackAudit(arena, tally).AuditAsync(bystander?.Samples ?? []);
        if (await arena.Engine.StopAsync() is not 0 and var exitCode)
        {
            tally.Find($"the engine ended with exit code {exitCode}");
        }

        LogSince(tally);
        _results.Add(new("audit afterwards", tally, Stopwatch.GetElapsedTime(began), 0, 0, 0, 0));
    }

    [GeneratedRegex(@"^\d\d:\d\d:\d\d\.\d{3} (trce|dbug|info|warn|fail|crit): ")]
    private static partial Regex Line();

    [GeneratedRegex(@"^\S+ (fail|crit): |[Uu]nhandled")]
    private static partial Regex Failure();
}
