using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Arbitration;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Features;
using Decisioning.Engine.Journeys;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Scoring;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;
using NodaTime;
using Xunit;

namespace Decisioning.Engine.Tests.Decisions;

/// <summary>Builds strategies in code, with conditions over <c>profile.*</c> and <c>now</c>, for tests of the decision alone.</summary>
internal sealed class StrategyBuilder
{
    private static readonly ExpressionSchema<Facts> Schema = new ExpressionSchemaBuilder<Facts>()
        .OpenNamespace("profile", (facts, name) => facts.State.Profile[name])
        .Variable("now", CelType.Timestamp, facts => facts.Now)
        .Variable("channel", CelType.Dyn, facts => facts.Context["channel"])
        .Build();

    // Thousands of random strategies share a few dozen conditions.
    private static readonly ConcurrentDictionary<(string Text, CelType Type), CompiledExpression<Facts>> Compiled = new();

    private readonly List<ActionDefinition> _actions = [];
    private readonly List<ContactCap> _caps = [];
    private readonly List<Lever> _levers = [];
    private readonly List<Rule> _rules = [];

    /// <summary>Adds an action; treatments as <c>channel/placement</c>, separated by spaces.</summary>
    public StrategyBuilder Action(
        string name,
        double value = 1,
        double propensity = 1,
        string issue = "issue",
        string group = "group",
        string treatments = "web/hero",
        string? purpose = null,
        string? eligible = null,
        string? applicable = null,
        string? suitable = null,
        (string When, double Weight)[]? weights = null,
        bool fallback = false,
        DateTimeOffset? from = null,
        DateTimeOffset? until = null,
        string text = "text")
    {
        var path = $"issues.{issue}.{group}.{name}";
        _actions.Add(new(
            _actions.Count, issue, group, name, value, propensity, purpose,
            All($"{path}.eligible", eligible),
            All($"{path}.applicable", applicable),
            All($"{path}.suitable", suitable),
            [.. (weights ?? []).Select((weight, i) => new ContextWeight(Condition($"{path}.weights[{i}]", weight.When)!, weight.Weight))],
            fallback, from, until,
            [.. treatments.Split(' ').Select(treatment => Treatment(treatment, text))]));
        return this;
    }

    public StrategyBuilder Cap(CapScope scope, int atMost, double withinDays, string? channel = null, Outcome outcome = Outcome.Impression)
    {
        _caps.Add(new($"contact.caps[{_caps.Count}]", outcome, scope, channel, atMost, TimeSpan.FromDays(withinDays)));
        return this;
    }

    public StrategyBuilder Lever(double weight, string? issue = null, string? group = null, string? action = null, DateTimeOffset? until = null)
    {
        _levers.Add(new(issue, group, action, weight, "", until));
        return this;
    }

    /// <summary>Adds a rule that offers an action of those added so far.</summary>
    public StrategyBuilder Offer(string id, string action, double weight, string behaviour, string? profile = null)
    {
        ImmutableArray<Layer> layers = [new(LayerKind.Behaviour, Condition($"rules.{id}.behaviour", behaviour)!)];
        if (profile is not null)
        {
            layers = layers.Add(new(LayerKind.Profile, Condition($"rules.{id}.profile", profile)!));
        }

        _rules.Add(new(_rules.Count, id, layers, [new RuleEffect.Offer(_actions.FindIndex(a => a.Name == action), weight)], []));
        return this;
    }

    public Strategy Build() => new()
    {
        Name = "test",
        Version = 7,
        Hash = "hash",
        TimeZone = DateTimeZone.Utc,
        AllowedLateness = Duration.FromDays(1),
        OfferExpires = TimeSpan.FromDays(1),
        Profile = [],
        Events = FrozenDictionary<string, EventDefinition>.Empty,
        Features = ImmutableArray<Feature>.Empty,
        Segments = [],
        Tags = [],
        Scores = ImmutableArray<Score>.Empty,
        Stages = ImmutableArray<Stage>.Empty,
        Rules = [.. _rules],
        Purposes = [],
        Caps = [.. _caps],
        Actions = [.. _actions],
        Levers = [.. _levers],
        Calendars = [],
    };

    private static ImmutableArray<Condition> All(string path, string? text) => Condition(path, text) is { } condition ? [condition] : [];

    public static Condition? Condition(string path, string? text)
    {
        if (text is null)
        {
            return null;
        }

        return new(path, Expression(text, CelType.Bool));
    }

    /// <summary>An expression over <c>profile.*</c>, of a type.</summary>
    public static CompiledExpression<Facts> Expression(string text, CelType type) => Compiled.GetOrAdd((text, type), Compile);

    /// <summary>Changes the action added last.</summary>
    public StrategyBuilder With(Func<ActionDefinition, ActionDefinition> change)
    {
        _actions[^1] = change(_actions[^1]);
        return this;
    }

    /// <summary>A text with placeholders.</summary>
    public static ContentTemplate Template(string text)
    {
        Assert.True(ContentTemplate.TryParse(text, out var template, out var error), error?.Message);
        return template;
    }

    private static CompiledExpression<Facts> Compile((string Text, CelType Type) asked)
    {
        var compilation = ExpressionCompiler.Compile(asked.Text, Schema, asked.Type, new() { RefuseConstantConditions = false });
        Assert.True(compilation.TryGet(out var expression), string.Join('\n', compilation.Errors));
        return expression;
    }

    private static Treatment Treatment(string place, string text)
    {
        var parts = place.Split('/');
        return new($"{parts[0]}-{parts[1]}", parts[0], parts[1], [new("text", Template(text))]);
    }
}

/// <summary>What decisions of tests are asked with, unless said otherwise.</summary>
internal static class Asking
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 9, 12, 0, 0, TimeSpan.Zero);

    public static readonly CustomerKey Ann = CustomerKey.User("default", "ann");

    public static DecisionRequest Request(
        string id = "r1", string channel = "", string placements = "", int max = 1, ExplainLevel explain = ExplainLevel.Summary, PropertyMap? context = null) =>
        new(id, "", channel, Direction.Inbound, [.. placements.Split(' ', StringSplitOptions.RemoveEmptyEntries)], max, context ?? PropertyMap.Empty, explain, false);

    public static Decision Decide(this Strategy strategy, DecisionRequest? request = null, CustomerState? state = null, OpenOffers? offers = null, DateTimeOffset? now = null, DecisionHooks? hooks = null) =>
        Decider.Decide(Ann, state ?? CustomerState.Empty, offers ?? OpenOffers.Empty, strategy, request ?? Request(), now ?? Noon, hooks);

    /// <summary>The chosen actions: <c>hero:a hero:b side:c</c>.</summary>
    public static string Chosen(this Decision decision) => string.Join(' ', decision.Items.Select(item => $"{item.Placement}:{item.Action}"));

    /// <summary>The verdicts: <c>a:Eligibility b:Arbitration</c>.</summary>
    public static string Dropped(this Decision decision) => string.Join(' ', decision.Verdicts.Select(verdict => $"{verdict.Action}:{verdict.Stage}"));

    public static CustomerState Contacted(params IEnumerable<Contact> contacts) => new() { Contacts = [.. contacts] };

    public static Contact Contact(
        DateTimeOffset at, Outcome outcome = Outcome.Impression, string action = "a", string channel = "web", string issue = "issue", string group = "group", string decision = "") =>
        new(outcome, issue, group, action, channel, at, decision);
}
