using System.Collections.Concurrent;
using System.Globalization;

namespace Decisioning.Simulation.Tests.Attack;

/// <summary>What came of one attack: how often it was tried, how each ended, and what must not have happened.</summary>
internal sealed class Tally
{
    private const int SamplesMax = 40;
    private readonly ConcurrentDictionary<string, int> _outcomes = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _samples = [];
    private int _findings;

    /// <summary>How often something was tried.</summary>
    public int Count => _outcomes.Values.Sum();

    public int Findings => _findings;

    /// <summary>The first findings in words.</summary>
    public IEnumerable<string> Samples => _samples;

    /// <summary>How often it ended how, the most frequent first.</summary>
    public string Outcomes => string.Join(", ", _outcomes.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value:#,0}")));

    /// <summary>Something was tried, and ended so.</summary>
    public void Add(string outcome, int times = 1) => _outcomes.AddOrUpdate(outcome, times, (_, count) => count + times);

    /// <summary>How often something ended so.</summary>
    public int Of(string outcome) => _outcomes.GetValueOrDefault(outcome);

    /// <summary>What must not have happened has.</summary>
    public void Find(string what)
    {
        if (Interlocked.Increment(ref _findings) <= SamplesMax)
        {
            _samples.Enqueue(what);
        }
    }

    /// <summary>Counts what is expected, and finds what is not.</summary>
    public void Judge(string outcome, bool isExpected, Func<string> what)
    {
        Add(outcome);
        if (!isExpected)
        {
            Find($"{outcome}: {what()}");
        }
    }
}
