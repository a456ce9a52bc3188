using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Decisions;

/// <summary>Small random strategies, customers and questions, in which everything happens often.</summary>
internal sealed class RandomDecisions(int seed)
{
    private static readonly string[] Channels = ["web", "email", "app"];
    private static readonly string[] Placements = ["hero", "side", "foot"];

    private readonly Random _random = new(seed);

    public Strategy Strategy(bool sharedCaps = true, bool fallbacks = true)
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
        Profile = Often(0.9) ? PropertyMap.Of(("x", Value.Of(_random.Next(10)))) : PropertyMap.Empty,
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
        explain: Pick(Enum.GetValues<ExplainLevel>()));

    private string? Condition() => Often(0.3) ? $"profile.x {Pick(">=", "<", "!=")} {_random.Next(10)}" : null;

    private bool Often(double share) => _random.NextDouble() < share;

    private T Pick<T>(params T[] from) => from[_random.Next(from.Length)];

    private List<T> Some<T>(int below, Func<T> make) => [.. Enumerable.Range(0, _random.Next(below)).Select(_ => make())];
}
