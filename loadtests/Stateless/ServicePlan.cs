using System.Collections.Frozen;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Features;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies;

namespace Decisioning.LoadTests.Stateless;

/// <summary>A strategy as the service uses it: the same conditions, compiled over its own profiles.</summary>
internal sealed class ServicePlan
{
    /// <param name="strategy">A strategy of nothing else than the service keeps.</param>
    /// <exception cref="LoadException">It has more.</exception>
    public ServicePlan(Strategy strategy)
    {
        if (strategy.Rules.Length + strategy.Stages.Length + strategy.Scores.Length + strategy.Segments.Length > 0)
        {
            throw new LoadException("the stateless service knows features, actions and caps only: leave rules, journey, scores and segments out of its strategy");
        }

        Strategy = strategy;
        var (profiles, events) = Schemas(strategy);
        Features = [.. strategy.Features.Select(feature => FeatureOf(feature, events))];
        FeaturesByEvent = strategy.Events.Keys.ToFrozenDictionary(
            name => name, name => (IReadOnlyList<ServiceFeature>)[.. Features.Where(feature => feature.Definition.LooksAt(name))], StringComparer.Ordinal);
        Caps = [.. strategy.Caps.Where(cap => cap.Outcome == Outcome.Impression)];
        Slots = strategy.Actions
            .SelectMany(action => action.Treatments.Select(treatment => new ServiceCandidate(
                action,
                treatment,
                [.. action.Eligible.Concat(action.Applicable).Concat(action.Suitable).Select(condition => Compile(condition.Expression.Text, profiles, CelType.Bool))],
                [.. Caps.Select(cap => KeyOf(cap, action))],
                action.Propensity * action.Value,
                Content(action, treatment))))
            .GroupBy(candidate => (candidate.Treatment.Channel, candidate.Treatment.Placement))
            .ToFrozenDictionary(slot => slot.Key, slot => (IReadOnlyList<ServiceCandidate>)[.. slot.OrderByDescending(c => c.Priority).ThenByDescending(c => c.Action.Value)
                .ThenBy(c => c.Action.Issue, StringComparer.Ordinal).ThenBy(c => c.Action.Group, StringComparer.Ordinal).ThenBy(c => c.Action.Name, StringComparer.Ordinal)]);
        KeysByAction = strategy.Actions.ToFrozenDictionary(action => action.Name, action => (IReadOnlyList<string>)[.. Caps.Select(cap => KeyOf(cap, action))], StringComparer.Ordinal);
        Json = new(strategy.Features.Select(feature => feature.Name));
    }

    /// <summary>The strategy.</summary>
    public Strategy Strategy { get; }

    /// <summary>The features by slot.</summary>
    public IReadOnlyList<ServiceFeature> Features { get; }

    /// <summary>The features that look at an event, by its name.</summary>
    public FrozenDictionary<string, IReadOnlyList<ServiceFeature>> FeaturesByEvent { get; }

    /// <summary>The caps on impressions.</summary>
    public IReadOnlyList<ContactCap> Caps { get; }

    /// <summary>What an action is counted under, by cap.</summary>
    public FrozenDictionary<string, IReadOnlyList<string>> KeysByAction { get; }

    /// <summary>Who competes for a channel and placement, the best first.</summary>
    public FrozenDictionary<(string Channel, string Placement), IReadOnlyList<ServiceCandidate>> Slots { get; }

    /// <summary>How profiles are written.</summary>
    public ProfileJson Json { get; }

    /// <summary>Makes the code of all conditions.</summary>
    public void Warm()
    {
        foreach (var condition in Slots.Values.SelectMany(slot => slot).SelectMany(candidate => candidate.Conditions).Concat(Features.Select(feature => feature.Where).OfType<CompiledExpression<ProfileFacts>>()))
        {
            condition.Warm();
        }
    }

    private static string KeyOf(ContactCap cap, ActionDefinition action) => cap.Scope switch
    {
        CapScope.Action => action.Name,
        CapScope.Group => action.Group,
        CapScope.Issue => action.Issue,
        _ => "",
    };

    private static string Content(ActionDefinition action, Treatment treatment) =>
        treatment.Content.IsEmpty ? "" : treatment.Content[0].Template.Source.Replace("{{action.name}}", action.Name, StringComparison.Ordinal);

    private static ServiceFeature FeatureOf(Feature feature, ExpressionSchema<ProfileFacts> events)
    {
        var isKnown = feature.Kind switch
        {
            FeatureKind.Count or FeatureKind.Sum => feature.Within == TimeSpan.FromDays(Profile.Days),
            FeatureKind.Last or FeatureKind.LastValue => feature.Within is null,
            _ => false,
        };
        return !isKnown || !feature.Bands.IsEmpty
            ? throw new LoadException($"the stateless service counts and sums over {Profile.Days} days and keeps last texts and instants: `{feature.Name}` is something else")
            : new(
                feature,
                feature.Where is { } where ? Compile(where.Expression.Text, events, CelType.Bool) : null,
                feature.Of is { } of ? Compile(of.Text, events, feature.Kind == FeatureKind.Sum ? CelType.Double : CelType.String) : null);
    }

    private static CompiledExpression<ProfileFacts> Compile(string text, ExpressionSchema<ProfileFacts> schema, CelType type) =>
        ExpressionCompiler.Compile(text, schema, type) is var compiled && compiled.TryGet(out var expression)
            ? expression
            : throw new LoadException($"the stateless service does not know what `{text}` asks for: {compiled.Errors[0].Message}");

    private static (ExpressionSchema<ProfileFacts> Profiles, ExpressionSchema<ProfileFacts> Events) Schemas(Strategy strategy)
    {
        var (profiles, events) = (new ExpressionSchemaBuilder<ProfileFacts>(), new ExpressionSchemaBuilder<ProfileFacts>());
        profiles
            .Variable<string?>("channel", CelType.Nullable(CelType.String), facts => facts.Channel)
            .Variable<string?>("device.type", CelType.Nullable(CelType.String), facts => facts.Device);
        foreach (var (name, plain) in strategy.Profile.Select(attribute => (attribute.Name, Plain(attribute.Type))))
        {
            _ = plain switch
            {
                _ when plain == CelType.Int => profiles.Variable($"profile.{name}", CelType.Nullable(plain), facts => facts.TraitInt(name)),
                _ when plain == CelType.Double => profiles.Variable($"profile.{name}", CelType.Nullable(plain), facts => facts.TraitDouble(name)),
                _ when plain == CelType.Bool => profiles.Variable($"profile.{name}", CelType.Nullable(plain), facts => facts.TraitBool(name)),
                _ => profiles.Variable<string?>($"profile.{name}", CelType.Nullable(CelType.String), facts => facts.TraitText(name)),
            };
        }

        foreach (var feature in strategy.Features)
        {
            var (name, slot) = ($"features.{feature.Name}", feature.Slot);
            _ = feature.Kind switch
            {
                FeatureKind.Count => profiles.Variable(name, CelType.Int, facts => facts.Count(slot)),
                FeatureKind.Sum => profiles.Variable(name, CelType.Double, facts => facts.Sum(slot)),
                FeatureKind.Last => profiles.Variable(name, CelType.Nullable(CelType.Timestamp), facts => facts.LastAt(slot)),
                _ => profiles.Variable<string?>(name, CelType.Nullable(CelType.String), facts => facts.LastText(slot)),
            };
        }

        foreach (var (name, plain) in strategy.Events.Values.SelectMany(known => known.Properties).Select(property => (property.Name, Plain(property.Type))).Distinct())
        {
            _ = plain == CelType.String
                ? events.Variable<string?>($"event.{name}", CelType.Nullable(plain), facts => facts.EventText(name))
                : events.Variable($"event.{name}", CelType.Nullable(CelType.Double), facts => facts.EventNumber(name));
        }

        return (profiles.Build(), events.Build());

        static CelType Plain(CelType type) => type is CelType.NullableOf nullable ? nullable.Inner : type;
    }
}

/// <summary>A feature.</summary>
/// <param name="Definition">As the strategy defines it.</param>
/// <param name="Where">Which events count; null for all.</param>
/// <param name="Of">What is summed or kept; null for events themselves.</param>
internal sealed record ServiceFeature(Feature Definition, CompiledExpression<ProfileFacts>? Where, CompiledExpression<ProfileFacts>? Of);

/// <summary>An action with a treatment for a slot.</summary>
/// <param name="Action">The action.</param>
/// <param name="Treatment">The treatment.</param>
/// <param name="Conditions">All of what must hold.</param>
/// <param name="Keys">What it is counted under, by cap.</param>
/// <param name="Priority">Its priority, which is the same for everybody.</param>
/// <param name="Content">Its text.</param>
internal sealed record ServiceCandidate(
    ActionDefinition Action, Treatment Treatment, IReadOnlyList<CompiledExpression<ProfileFacts>> Conditions, IReadOnlyList<string> Keys, double Priority, string Content);
