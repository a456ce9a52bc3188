using System.Collections.Immutable;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Checking;

/// <summary>Collects the mistakes of a strategy, at most <see cref="Limits.StrategyErrorsMax"/>, and puts them in the order of the files.</summary>
internal sealed class Mistakes
{
    private readonly List<StrategyError> _errors = [];
    private readonly HashSet<StrategyError> _seen = [];

    public bool Any => _errors.Count > 0;

    public int Count => _errors.Count;

    /// <summary>Reports a mistake; the same one at the same place counts once.</summary>
    public void Add(Place place, string path, string message)
    {
        var error = new StrategyError(place.File, place.Line, place.Column, path, message);
        if (_errors.Count < Limits.StrategyErrorsMax && _seen.Add(error))
        {
            _errors.Add(error);
        }
    }

    public ImmutableArray<StrategyError> InOrder(IReadOnlyList<string> files)
    {
        var order = files.Select((file, index) => (file, index)).ToDictionary(pair => pair.file, pair => pair.index, StringComparer.Ordinal);
        return [.. _errors
            .OrderBy(error => order.GetValueOrDefault(error.File, int.MaxValue))
            .ThenBy(error => error.Line)
            .ThenBy(error => error.Column)];
    }
}
