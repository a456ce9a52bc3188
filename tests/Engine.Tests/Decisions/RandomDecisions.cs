using Decisioning.Engine.Actions;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;
using NodaTime;

namespace Decisioning.Engine.Tests.Decisions;

/// <summary>Small random strategies, customers and questions, in which everything happens often.</summary>
internal sealed class RandomDecisions(int seed)
{
    private static readonly string[] Channels = ["web", "email", "app"];
    private static readonly string[] Placements = ["hero", "side", "foot"];

    private readonly Random _random = new(seed);

    public Strategy Strategy(bool sharedCaps = true, bool fallbacks = true, bool bonds = true)
    {
        var strategy = Plain(sharedCaps, fallbacks);
        if (bonds && Often(0.6))
        {
            strategy = strategy with { Actions = [.. strategy.Actions.Select(action => Bound(action, strategy.Actions.Length))] };
        }

        // With all of it at once hardly anything would be offered.
        return Often(0.5) ? strategy : strategy with
        {
            Actions = [.. strategy.Actions.Select(Reached)],
            Touch = [.. Some(3, () => (TouchModes)(1 << _random.Next(3))).Distinct().Select(mode =>
                new TouchRule(mode, StrategyBuilder.Condition("touch", $"profile.x > {_random.Next(10)}")!, Often(0.4) ? [Pick(Channels), Pick(Channels)] : []))],
            QuietHours = [.. Some(3, () => new QuietHours("quiet", Time(), Time(), [Pick(Channels)])).Where(hours => hours.From != hours.Until)],
            Preference = Often(0.5) ? new(Often(0.7) ? StrategyBuilder.Expression("profile.likes", CelType.String) : null, Often(0.4) ? At("profile.hour") : null, Pick(1d, 2d)) : null,
            Locale = Pick("de", "en"),
        };
    }

    /// <summary>Gates that withhold something: a small budget, an experiment with some of the actions.</summary>
    public DecisionHooks Hooks() => new(
        Often(0.3) ? new Purse(_random.Next(6)) : null,
        Often(0.3) ? new Control([.. Some(4, () => $"a{_random.Next(12)}")]) : null);

    private LocalTime Time() => new(_random.Next(24), Pick(0, 30));

    private static SendTime At(string text) => new("at", StrategyBuilder.Expression(text, CelType.Dyn));

    private ActionDefinition Reached(ActionDefinition action) => action with
    {
        Touch = Modes(),
        Treatments = [.. action.Treatments.SelectMany(treatment => Often(0.3)
            ? new[] { treatment, treatment with { Name = $"{treatment.Name}-x", Locale = Pick("de", "de-AT", "en") } }
            : [treatment with { Locale = Often(0.2) ? Pick("de", "de-AT", "en") : null }])
            .Select(treatment => treatment with { Touch = Modes(), At = Often(0.2) ? At(Pick("profile.hour", "7", "profile.when")) : null })],
    };

    private ActionDefinition Bound(ActionDefinition action, int count) => action with
    {
        IsMandatory = !action.IsFallback && Often(0.2),
        Cost = _random.Next(4),
        Exclusive = Often(0.2) ? Pick("one", "other") : null,
        Dedupe = Often(0.2) ? StrategyBuilder.Template(Pick("shown", "{{profile.x}}", "{{profile.nothing}}", "{{action.group}}")) : null,
        Bundle = Often(0.4) ? [.. Some(3, () => _random.Next(count)).Where(member => member != action.Index).Distinct()] : [],
    };

    private TouchModes Modes() => Often(0.8) ? TouchModes.All : (TouchModes)_random.Next(1, 7);

    private Strategy Plain(bool sharedCaps, bool fallbacks)
    {
        var builder = new StrategyBuilder();
        var count = _random.Next(1, 12);
        for (var i = 0; i < count; i++)
        {
            builder.Action(
                $"a{i}",
                value: _random.Next(1, 4),
                propensity: _random.Next(1, 4) / 4.0,
                issue: Pick("i", "j"),
                group: Pick("g", "h"),
                treatments: string.Join(' ', Enumerable.Range(0, _random.Next(1, 4)).Select(_ => $"{Pick(Channels)}/{Pick(Placements)}").Distinct()),
                purpose: Often(0.3) ? Pick("marketing", "care") : null,
                eligible: Condition(),
                applicable: Condition(),
                suitable: Condition(),
                weights: Often(0.3) ? [($"profile.x > {_random.Next(10)}", 2)] : null,
                fallback: fallbacks && Often(0.2),
                until: Often(0.1) ? Asking.Noon.AddHours(_random.Next(-1, 2)) : null);
        }

        for (var i = _random.Next(4); i > 0; i--)
        {
            var scope = sharedCaps ? Pick(Enum.GetValues<CapScope>()) : CapScope.Action;
            builder.Cap(scope, _random.Next(0, 4), _random.Next(1, 4), Often(0.4) ? Pick(Channels) : null, Often(0.7) ? Outcome.Impression : Outcome.Rejected);
        }

        return builder.Build();
    }

    public CustomerState Customer(Strategy strategy) => CustomerState.Empty with
    {
        Profile = PropertyMap.Of(
            ("x", Often(0.9) ? Value.Of(_random.Next(10)) : Value.Null), ("likes", Often(0.6) ? Value.Of(Pick(Channels)) : Value.Null),
            ("hour", Often(0.6) ? Value.Of(_random.Next(26)) : Value.Null), ("when", Value.Of(Asking.Noon.AddHours(_random.Next(-100, 3000)))),
            ("locale", Often(0.6) ? Value.Of(Pick("de", "de-AT", "DE_at", "en-US", "fr")) : Value.Null),
            ("timezone", Value.Of(Pick("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata")))),
        Consents = [.. Some(6, () => new ConsentState(Pick("marketing", "care"), Pick("web", "email", "app", "any"), Often(0.8) ? ConsentStatus.Granted : ConsentStatus.Revoked, Asking.Noon, ""))],
        Contacts = [.. Some(6, () => Contact(strategy))],
    };

    public Contact Contact(Strategy strategy)
    {
        var action = Pick([.. strategy.Actions]);
        return new(Often(0.7) ? Outcome.Impression : Outcome.Rejected, action.Issue, action.Group, action.Name, Pick(Channels), Asking.Noon.AddHours(-_random.Next(96)), Pick("", "D1", "D2"));
    }

    public OpenOffers Offers(Strategy strategy)
    {
        var offers = OpenOffers.Empty;
        foreach (var id in Some(4, () => Pick("D1", "D2", "D3", "D4")).Distinct())
        {
            var action = Pick([.. strategy.Actions]);
            var at = Asking.Noon.AddHours(-_random.Next(30));
            offers = offers.With(new(id, 1, "", 1, "", at, 0,
                [new(1, action.Issue, action.Group, action.Name, "", Pick(Channels), "", PropertyMap.Empty, "", false, 1, 1, 1, 1, 1, 1, at.AddDays(1), [])], [], [], [], [], []));
        }

        return offers;
    }

    public DecisionRequest Request(int? max = null) => Asking.Request(
        id: $"r{_random.Next()}",
        channel: Often(0.5) ? Pick(Channels) : "",
        placements: Often(0.5) ? string.Join(' ', Some(4, () => Pick(Placements)).Distinct()) : "",
        max: max ?? _random.Next(1, 4),
        explain: Pick(Enum.GetValues<ExplainLevel>())) with
    {
        Containers = [.. Enumerable.Range(0, Often(0.3) ? _random.Next(1, 4) : 0).Select(i =>
            new RequestedContainer($"c{i}", [.. Some(3, () => Pick(Placements)).Distinct()], max ?? _random.Next(1, 4)))],
    };

    private string? Condition() => Often(0.3) ? $"profile.x {Pick(">=", "<", "!=")} {_random.Next(10)}" : null;

    /// <summary>Money for so much; what is chosen counts.</summary>
    internal sealed record Purse(double Amount) : IBudgetGate
    {
        public Withheld? Withhold(ActionDefinition action, double chosen) => chosen + action.Cost > Amount ? new("budget", $"{Amount} is spent") : null;
    }

    /// <summary>A control group from which actions are kept.</summary>
    internal sealed record Control(HashSet<string> Kept) : IExperimentGate
    {
        public Withheld? Withhold(ActionDefinition action) => Kept.Contains(action.Name) ? new("experiments.control", "the customer is in the control group") : null;
    }

    private bool Often(double share) => _random.NextDouble() < share;

    private T Pick<T>(params T[] from) => from[_random.Next(from.Length)];

    private List<T> Some<T>(int below, Func<T> make) => [.. Enumerable.Range(0, _random.Next(below)).Select(_ => make())];
}
