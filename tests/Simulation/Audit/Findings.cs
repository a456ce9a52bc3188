using System.Collections.Concurrent;

namespace Decisioning.Simulation.Tests.Audit;

/// <summary>What must be zero, with the first of what was found.</summary>
internal sealed class Findings
{
    private const int SamplesPerKindMax = 5;
    private readonly ConcurrentDictionary<Finding, int> _counts = new();
    private readonly ConcurrentQueue<string> _samples = [];

    public int this[Finding finding] => _counts.GetValueOrDefault(finding);

    public int Total => _counts.Values.Sum();

    /// <summary>The first of each kind in words.</summary>
    public IEnumerable<string> Samples => _samples;

    public void Add(Finding finding, string what)
    {
        if (_counts.AddOrUpdate(finding, 1, static (_, count) => count + 1) <= SamplesPerKindMax)
        {
            _samples.Enqueue($"{finding}: {what}");
        }
    }
}

/// <summary>What an auditor looks for.</summary>
internal enum Finding
{
    /// <summary>An acknowledged event is not in the log, or not with the contents acknowledged.</summary>
    Lost,

    /// <summary>A message id is in a log twice, or was acknowledged as applied twice.</summary>
    Doubled,

    /// <summary>The state held is not the fold of the log.</summary>
    Differing,

    /// <summary>An event stands at another sequence than was acknowledged, or a log has a gap.</summary>
    Misnumbered,

    /// <summary>The log holds what nobody sent, or what was refused.</summary>
    Foreign,

    /// <summary>A question did not see what had been acknowledged before it.</summary>
    Stale,

    /// <summary>Events of one customer on one stream were applied in another order than sent.</summary>
    Disordered,

    /// <summary>An answer that fits nothing that was sent, or a failure that no caller can expect.</summary>
    Unforeseen,
}
