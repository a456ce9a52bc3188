using System.Collections.Immutable;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Analysis;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Linting;

/// <summary>A compiled strategy as the checks see it, and where they report.</summary>
internal sealed class LintContext
{
    private readonly Mistakes _mistakes;
    private readonly WrittenPlaces _places;

    /// <param name="strategy">The strategy, without errors.</param>
    /// <param name="document">What it was compiled from.</param>
    /// <param name="now">The instant of the check.</param>
    /// <param name="mistakes">Where findings go; has the expressions.</param>
    public LintContext(Strategy strategy, StrategyDocument document, DateTimeOffset now, Mistakes mistakes)
    {
        Strategy = strategy;
        Now = now;
        _mistakes = mistakes;
        _places = new WrittenPlaces(document);
        var windows = new CountWindows(strategy);
        Logic = new Feasibility(TellingSegments(strategy, windows).GetValueOrDefault, windows.Of);
        Conditions = [.. mistakes.Expressions.Values.Where(expression => expression.Compiled.Type == CelType.Bool).OrderBy(expression => expression.Path, StringComparer.Ordinal)];
        Reads = mistakes.Expressions.Values.SelectMany(expression => expression.Compiled.Reads)
            .Concat(strategy.Actions.SelectMany(TemplateNames).Select(name => name.ToString()))
            .ToHashSet(StringComparer.Ordinal);
    }

    public Strategy Strategy { get; }

    /// <summary>The instant of the check.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>Tells what conditions can come to; looks into segments.</summary>
    public Feasibility Logic { get; }

    /// <summary>All conditions, by path.</summary>
    public ImmutableArray<WrittenExpression> Conditions { get; }

    /// <summary>Every name that an expression or a template reads.</summary>
    public IReadOnlySet<string> Reads { get; }

    /// <summary>Where an action stands in the strategy.</summary>
    public static string PathOf(ActionDefinition action) => $"issues.{action.Issue}.{action.Group}.{action.Name}";

    /// <summary>The conditions of an action, all of which must hold.</summary>
    public static ImmutableArray<Condition> ConditionsOf(ActionDefinition action) =>
        [.. action.Eligible, .. action.Applicable, .. action.Suitable];

    /// <summary>Several conditions as one.</summary>
    public static Predicate Together(IEnumerable<Condition> conditions) =>
        Predicate.AllOf(conditions.Select(condition => condition.Expression.Predicate), default);

    /// <summary>Whether a condition on a transition asks for a name: `event.segment == "loyal"`.</summary>
    public bool AsksEventFor(string property, string name) => Conditions.Any(condition => condition.Compiled.Predicate.Leaves.Any(leaf =>
        leaf.Term.Text == property && leaf.Test(Dyn.Of(name)) == Truth.True));

    /// <summary>Reports at the key that a path ends in.</summary>
    public void Report(FindingRule rule, string path, string message) => _mistakes.Add(rule, _places.Of(path), path, message);

    /// <summary>Reports at a condition.</summary>
    public void Report(FindingRule rule, Condition at, string message) => Report(rule, at, at.Expression.Predicate.At, message);

    /// <summary>Reports at a part of a condition.</summary>
    public void Report(FindingRule rule, Condition at, Span part, string message)
    {
        var place = _mistakes.Expressions.TryGetValue(at.Path, out var written) ? written.PlaceOf(part) : _places.Of(at.Path);
        _mistakes.Add(rule, place, at.Path, message);
    }

    /// <summary>What is written behind the key that a path ends in; null when that is no text.</summary>
    public string? TextOf(string path) => _places.TextOf(path);

    /// <summary>Where a path stands, for messages that name another place.</summary>
    public Place PlaceOf(string path) => _places.Of(path);

    /// <summary>What segments stand for; but for those that nobody or everybody belongs to: that is told once, where they are written.</summary>
    private static Dictionary<string, Predicate> TellingSegments(Strategy strategy, CountWindows windows)
    {
        var segments = strategy.Segments.ToDictionary(segment => $"segments.{segment.Name}", segment => segment.When.Expression.Predicate, StringComparer.Ordinal);
        var logic = new Feasibility(segments.GetValueOrDefault, windows.Of);
        return segments
            .Where(segment => logic.IsPossible(new Goal(segment.Value, Want.True)) && logic.IsPossible(new Goal(segment.Value, Want.NotTrue)))
            .ToDictionary(StringComparer.Ordinal);
    }

    private static IEnumerable<TemplateName> TemplateNames(ActionDefinition action) =>
        action.Treatments.SelectMany(treatment => treatment.Content).SelectMany(part => part.Template.Names).Concat(action.Dedupe?.Names ?? []);
}
