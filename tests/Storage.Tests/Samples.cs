using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Features;
using Decisioning.Engine.Journeys;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Scoring;
using Decisioning.Engine.Values;

namespace Decisioning.Storage.Tests;

/// <summary>Data made from a seed: the same seed, the same data.</summary>
internal sealed class Samples(int seed)
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    private readonly Random _random = new(seed);

    public static CustomerKey Customer(int number = 1) => CustomerKey.User("default", $"customer-{number}");

    public RecordedEvent Event(long sequence, string? messageId = null) => new(
        sequence,
        Hash(),
        new CustomerEvent(
            messageId ?? $"m-{seed}-{sequence}",
            _random.Next(5) == 0 ? EventType.Response : EventType.Track,
            Text(),
            Instant(),
            Instant(),
            Map(depth: 3),
            Map(depth: 2),
            _random.Next(3) == 0 ? Response() : null,
            _random.Next(3) == 0 ? Instant() : null),
        _random.Next(4));

    public ImmutableArray<RecordedEvent> Events(long after, int count) => [.. Enumerable.Range(1, count).Select(i => Event(after + i))];

    public CustomerState State(long sequence) => new()
    {
        Sequence = sequence,
        LatestEventAt = Maybe(Instant()),
        UpdatedAt = Maybe(Instant()),
        FirstEventAt = Maybe(Instant()),
        LateEvents = _random.Next(10),
        Profile = Map(depth: 2),
        Context = Map(depth: 2),
        Tags = Many(() => new TagState(Text(), Text(), Text(), Instant(), Maybe(Instant()))),
        Scores = Many(() => new ScoreState(Text(), _random.NextDouble() * 100, Instant(), Text())),
        Stages = Many(() => new StageState(Text(), Instant(), Maybe(Instant()), _random.Next(100))),
        Consents = Many(() => new ConsentState(Text(), Text(), (ConsentStatus)_random.Next(1, 4), Instant(), Text())),
        Contacts = Many(() => new Contact((Outcome)_random.Next(0, 8), Text(), Text(), Text(), Text(), Instant(), Text())),
        RulesHeld = Many(Text),
        Features = FeatureCells.From(Many(Cell).Where(cell => cell.Entries.Length > 0)),
        Seen = SeenMessages.From([.. Many(() => new SeenMessage(Hash(), Hash()))]),
        FoldedWith = Text(),
        Carried = Many(Text),
        TimePassedAt = Maybe(Instant()),
        Segments = Many(Text),
        MovedTo = _random.Next(3) == 0 ? new IdentityMove(Key(), _random.Next(2) == 0, _random.Next(2) == 0) : null,
        Identities = Many(() => new LinkedIdentity(Key(), Instant(), _random.Next(5), _random.Next(2) == 0)),
        PointsGiven = Many(() => new PointsGiven(Hash(), Instant(), Instant(), _random.NextDouble())),
    };

    public DecisionRecord Decision(CustomerKey customer, string id, DateTimeOffset at, params ReadOnlySpan<DateTimeOffset> expiries)
    {
        var containers = Many(() => new RequestedContainer(Text(), Many(Text), _random.Next(1, 50)));
        var request = new DecisionRequest(Text(), Text(), Text(), Direction.Outbound, Many(Text), 3, Map(depth: 2), ExplainLevel.Summary, DryRun: false)
        {
            Containers = containers,
        };
        var items = ImmutableArray.CreateBuilder<DecisionItem>();
        foreach (var expiry in expiries)
        {
            items.Add(new(
                items.Count + 1, Text(), Text(), $"action-{id}-{items.Count}", Text(), Text(), Text(), PropertyMap.Empty, "", _random.Next(2) == 0,
                _random.NextDouble(), 1.5, 20, 0.5, _random.NextDouble(), 1, expiry, Many(Text), _random.Next(2) == 0, Text(), Maybe(Instant()),
                containers.IsEmpty ? "" : containers[_random.Next(containers.Length)].Name));
        }

        return new(
            customer,
            request,
            new Decision(
                id, _random.Next(), Text(), _random.Next(), Text(), at, (ulong)_random.NextInt64(), items.ToImmutable(),
                Many(() => new Verdict(Text(), (FunnelStage)_random.Next(0, 9), Text(), "", PropertyMap.Empty, Maybe(Instant()))),
                [], Many(Text), Many(Text), Many(Text), Text()),
            Pick(null, new OffersCounted(_random.Next(9), null), new OffersCounted(2, Many(Offer))));
    }

    private CustomerKey Key() => _random.Next(3) switch
    {
        0 => CustomerKey.User("default", $"u-{_random.Next()}"),
        1 => CustomerKey.Anonymous("default", $"naïve “{_random.Next()}”"),
        _ => CustomerKey.External("default", "crm", $"日本:{_random.Next()}"),
    };

    private OpenOffer Offer() => new(Text(), Text(), Text(), Text(), Text(), Instant(), Instant());

    public PropertyMap Map(int depth) =>
        PropertyMap.From(Enumerable.Range(0, _random.Next(6)).Select(_ => KeyValuePair.Create(Text(), Value(depth - 1))));

    public Value Value(int depth) => (ValueKind)_random.Next(0, depth > 0 ? 11 : 8) switch
    {
        ValueKind.Bool => Engine.Values.Value.Of(_random.Next(2) == 0),
        ValueKind.Int => Engine.Values.Value.Of(_random.NextInt64(long.MinValue, long.MaxValue)),
        ValueKind.UInt => Engine.Values.Value.Of(ulong.MaxValue - (ulong)_random.Next()),
        ValueKind.Double => Engine.Values.Value.Of(Pick(0d, double.NaN, double.NegativeInfinity, double.Epsilon, _random.NextDouble())),
        ValueKind.String => Engine.Values.Value.Of(Text()),
        ValueKind.Timestamp => Engine.Values.Value.Of(Instant()),
        ValueKind.Duration => Engine.Values.Value.Of(TimeSpan.FromMicroseconds(_random.NextInt64(-1_000_000_000, 1_000_000_000))),
        ValueKind.List => Engine.Values.Value.Of(Many(() => Value(depth - 1))),
        ValueKind.Map => Engine.Values.Value.Of(Map(depth)),
        ValueKind.Bytes => Engine.Values.Value.Of(Many(() => (byte)_random.Next(256))),
        _ => Engine.Values.Value.Null,
    };

    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];

    private FeatureCell Cell()
    {
        var kind = Pick(Enum.GetValues<CellKind>());
        return _random.Next(2) == 0
            ? new(Hash(), kind, _random.NextInt64(), Many(() => Entry(_random.NextInt64(100_000_000))))
            : new(Hash(), kind, long.MaxValue, [Entry(0)]);

        FeatureCellEntry Entry(long bucket) => new(bucket, _random.NextInt64(), _random.NextInt64(), _random.Next(3) == 0 ? Value(depth: 1) : Engine.Values.Value.Null);
    }

    private ulong Hash() => unchecked((ulong)_random.NextInt64(long.MinValue, long.MaxValue));

    private ActionResponse Response() => new(
        Text(), Text(), Text(), Text(), Text(), Text(), Text(), (Outcome)_random.Next(0, 8), (Behaviour)_random.Next(0, 4), _random.NextDouble());

    private ImmutableArray<T> Many<T>(Func<T> one) => [.. Enumerable.Range(0, _random.Next(5)).Select(_ => one())];

    private T? Maybe<T>(T value)
        where T : struct => _random.Next(2) == 0 ? null : value;

    private DateTimeOffset Instant() => DateTimeOffset.UnixEpoch.AddTicks(_random.NextInt64(-10_000_000_000_000_000, 30_000_000_000_000_000));

    private string Text() => Pick("", "a", "Order Completed", "naïve “quotes”", "日本語", "line\nbreak", "\0", $"text-{_random.Next()}");
}
