using System.Collections.Immutable;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Checking;

/// <summary>
/// Collects what is wrong with a strategy, at most <see cref="Limits.StrategyErrorsMax"/> errors and as many warnings, and puts it in the order of the files.
/// </summary>
internal sealed class Mistakes
{
    private readonly List<Finding> _errors = [];
    private readonly List<Finding> _warnings = [];
    private readonly HashSet<Finding> _seen = [];
    private readonly Dictionary<string, WrittenExpression> _expressions = new(StringComparer.Ordinal);

    /// <summary>The expressions that compiled, by path: static checks look at them once everything is read.</summary>
    public IReadOnlyDictionary<string, WrittenExpression> Expressions => _expressions;

    /// <summary>Whether there are errors.</summary>
    public bool Any => _errors.Count > 0;

    /// <summary>How many errors there are.</summary>
    public int Count => _errors.Count;

    /// <summary>Reports something; the same at the same place counts once.</summary>
    public void Add(FindingRule rule, Place place, string path, string message)
    {
        var finding = new Finding(rule.Severity, rule.Id, place.File, place.Line, place.Column, path, message);
        var list = rule.Severity == Severity.Error ? _errors : _warnings;
        if (list.Count < Limits.StrategyErrorsMax && _seen.Add(finding))
        {
            list.Add(finding);
        }
    }

    /// <summary>Keeps an expression that compiled; of one compiled twice the later.</summary>
    public void Keep(WrittenExpression expression) => _expressions[expression.Path] = expression;

    /// <summary>Reports a value that cannot be.</summary>
    public void Add(Place place, string path, string message) => Add(FindingRules.BadValue, place, path, message);

    public ImmutableArray<Finding> Errors(IReadOnlyList<string> files) => InOrder(_errors, files);

    public ImmutableArray<Finding> Warnings(IReadOnlyList<string> files) => InOrder(_warnings, files);

    /// <summary>Findings by file in the order given, then by line and column.</summary>
    public static ImmutableArray<Finding> InOrder(IEnumerable<Finding> findings, IReadOnlyList<string> files)
    {
        var order = files.Select((file, index) => (file, index)).ToDictionary(pair => pair.file, pair => pair.index, StringComparer.Ordinal);
        return [.. findings
            .OrderBy(finding => order.GetValueOrDefault(finding.File, int.MaxValue))
            .ThenBy(finding => finding.Line)
            .ThenBy(finding => finding.Column)];
    }
}
