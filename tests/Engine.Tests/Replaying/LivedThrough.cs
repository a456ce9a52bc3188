using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Tests.Decisions;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Replaying;

/// <summary>
/// A customer as a grain keeps one, from a seed: events, answers and questions in any order, while strategies are published, decisions
/// are lost before they are recorded, and the customer leaves memory and is loaded again.
/// </summary>
internal sealed class LivedThrough
{
    public static readonly CustomerKey Key = CustomerKey.User("t", "ann");

    private readonly Random _random;
    private readonly RandomDecisions _decisions;
    private readonly List<RecordedEvent> _log = [];
    private readonly DateTimeOffset _now = Asking.Noon;
    private CustomerState _state = CustomerState.Empty;
    private OpenOffers _offers = OpenOffers.Empty;
    private bool _follows;

    public LivedThrough(int seed, int versions = 3, bool losesDecisions = true, int steps = 80)
    {
        _random = new(seed);
        _decisions = new(seed);
        Strategies = [.. Enumerable.Range(1, versions).Select(version => _decisions.Strategy() with { Version = version, Hash = $"hash {version}" })];
        var strategy = Strategies[0];
        for (var step = 0; step < steps; step++)
        {
            _now += TimeSpan.FromMinutes(_random.Next(90));
            switch (_random.Next(12))
            {
                case < 3:
                    Record(strategy, new($"m{step}", EventType.Identify, EventNames.Identified, _now, _now, PropertyMap.Of(("x", Value.Of(_random.Next(10)))), PropertyMap.Empty));
                    break;
                case < 5 when Records.Count > 0 && Records[_random.Next(Records.Count)] is { Decision.Items: { IsEmpty: false } items } asked:
                    Record(strategy, Answer($"m{step}", asked.Decision.DecisionId, items[_random.Next(items.Length)]));
                    break;
                case 5:
                    strategy = Strategies[_random.Next(versions)];
                    break;
                case 6 when losesDecisions:
                    Load();
                    break;
                default:
                    Decide(strategy, isLost: losesDecisions && _random.Next(8) == 0);
                    break;
            }
        }
    }

    public ImmutableArray<Strategy> Strategies { get; }

    public ImmutableArray<RecordedEvent> Log => [.. _log];

    public List<(DecisionRequest Request, Decision Decision, OffersCounted Offers)> Records { get; } = [];

    public Strategy Of(long version) => Strategies[(int)version - 1];

    private void Record(Strategy strategy, CustomerEvent e)
    {
        var recording = Recorder.Plan(_state, [e], strategy, _now);
        _log.AddRange(recording.Accepted);
        _state = recording.Next;
        _offers = e.Response is { } response ? _offers.Answered(response) : _offers;
    }

    private void Decide(Strategy strategy, bool isLost)
    {
        var request = _decisions.Request();
        var offers = _offers.At(_now);
        var decision = Decider.Decide(Key, _state, offers, strategy, request, _now);
        _offers = offers.With(decision);
        if (!isLost)
        {
            Records.Add((request, decision, OffersCounted.Of(offers, !_follows)));
        }

        _follows = !isLost;
    }

    private void Load()
    {
        var recorded = Records.SelectMany(record => record.Decision.Items.Select(item => new OpenOffer(
            record.Decision.DecisionId, item.Issue, item.Group, item.Action, item.Channel, record.Decision.DecidedAt, item.ExpiresAt)));
        _offers = OpenOffers.Of([.. recorded.Where(offer => offer.ExpiresAt > _now)], _state.Contacts);
        _follows = false;
    }

    private CustomerEvent Answer(string id, string decisionId, DecisionItem item) => new(
        id, EventType.Response, "", _now, _now, PropertyMap.Empty, PropertyMap.Empty,
        new ActionResponse(
            decisionId, item.Issue, item.Group, item.Action, item.Treatment, item.Channel, item.Placement,
            _random.Next(2) == 0 ? Outcome.Impression : Outcome.Rejected, Behaviour.Unspecified, 0));
}
