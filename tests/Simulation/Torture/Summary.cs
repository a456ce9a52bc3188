using System.Globalization;
using System.Text;
using Decisioning.Simulation.Tests.Audit;
using Decisioning.Simulation.Tests.Load;

namespace Decisioning.Simulation.Tests.Torture;

/// <summary>What came of a run, in numbers.</summary>
internal sealed class Summary
{
    private readonly List<(string Name, string Value)> _rows = [];

    private Summary(string store, Findings findings) => (Store, Findings) = (store, findings);

    public string Store { get; }

    public Findings Findings { get; }

    /// <summary>Of a run over the network.</summary>
    public static Summary Of(string store, LoadRun load, Auditor auditor, int kills, List<TimeSpan> recoveries, TimeSpan took)
    {
        var summary = Of(store, load.Ledger, load.Findings, auditor, took);
        summary.Add("kills", kills);
        summary.Add("decisions answered", load.Ledger.Answered);
        summary.Add("  not recorded", auditor.DecisionsNotRecorded);
        if (kills > 0)
        {
            summary.Add("  answered before the kill, at most", Milliseconds(auditor.LossWindow));
        }

        summary.Add("calls failed", string.Join(", ", load.Failures.Counts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}")));
        summary.Add("  with a retry delay", load.Failures.WithRetryDelay);
        summary.Add("start to first acknowledgement", recoveries);
        return summary;
    }

    /// <summary>Of any run.</summary>
    public static Summary Of(string store, Ledger ledger, Findings findings, Auditor auditor, TimeSpan took)
    {
        var summary = new Summary(store, findings);
        summary.Add("took", $"{took.TotalSeconds:0} s");
        summary.Add("customers", auditor.Customers);
        summary.Add("events acknowledged", ledger.Acknowledged);
        summary.Add("  repeats answered as such", ledger.Repeats);
        summary.Add("  conflicts refused", ledger.Conflicts);
        summary.Add("  future events refused", ledger.Refused);
        summary.Add("events in the logs", auditor.Events);
        summary.Add("  made because time passed", auditor.Wakes);
        summary.Add("  made because devices were linked", auditor.Links);
        summary.Add("  carried over from devices", auditor.CarriedOver);
        foreach (var finding in Enum.GetValues<Finding>())
        {
            summary.Add(finding.ToString().ToLowerInvariant(), findings[finding]);
        }

        return summary;
    }

    public void Add(string name, string value) => _rows.Add((name, value));

    public void Add(string name, long value) => Add(name, value.ToString("#,0", CultureInfo.InvariantCulture));

    /// <summary>How long something took each time; left out where it never happened.</summary>
    public void Add(string name, IEnumerable<TimeSpan> times)
    {
        if (times.Order().ToList() is { Count: > 0 } sorted)
        {
            Add(name, $"p50 {Milliseconds(sorted[sorted.Count / 2])}, max {Milliseconds(sorted[^1])}");
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"{Store,-36}");
        foreach (var (name, value) in _rows)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {name,-34} {value}");
        }

        foreach (var sample in Findings.Samples)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  ! {sample}");
        }

        return text.ToString();
    }

    private static string Milliseconds(TimeSpan time) => time == TimeSpan.MaxValue ? "without a kill" : $"{time.TotalMilliseconds:0} ms";
}
