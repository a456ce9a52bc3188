using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Features;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;
using Decisioning.LoadTests.Data;
using Decisioning.LoadTests.Stateless;
using Google.Protobuf.WellKnownTypes;
using Api = Decisioning.V1;
using EngineValue = Decisioning.Engine.Values.Value;
using WireValue = Google.Protobuf.WellKnownTypes.Value;

namespace Decisioning.LoadTests.Tests;

/// <summary>The service that the engine is compared with does the same: only then is it a comparison.</summary>
public sealed class StatelessTests
{
    private const int Customers = 300;

    // Events happen at noon: none lies where a week of 168 hours and a week of seven days differ.
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 18, 0, 0, TimeSpan.Zero);
    private static readonly Strategy Strategy = ComparisonStrategy.Compile();
    private static readonly ServicePlan Plan = new(Strategy);

    [Fact]
    public void It_counts_what_the_engine_counts_and_offers_what_the_engine_offers()
    {
        var (world, seen, offered) = (new World(5, Customers, Now), 0, 0);
        for (var customer = 0; customer < Customers; customer++)
        {
            var events = world.History(customer).Select(AtNoon).ToList();
            var state = Recorder.Plan(CustomerState.Empty, [.. events.Select(Read)], Strategy, Now).Next;
            var profile = events.Aggregate(Plan.Json.Empty(), Next);
            foreach (var feature in Strategy.Features)
            {
                var (ours, theirs) = (Value(state, feature), Value(profile, feature));
                Assert.True(ours == theirs, $"customer {customer}, {feature.Name} ({feature.Kind}): the engine says {ours}, the service {theirs}");
                seen += ours is "0" or "" ? 0 : 1;
            }

            var items = Offers(state);
            Assert.Equal(items, Offers(profile, new()));
            offered += items.Count;
        }

        // Most of a history is older than a week; what is not makes these.
        Assert.True(seen > 10 * Customers && offered > Customers, $"{seen} features and {offered} offers tell nothing");
    }

    [Fact]
    public void It_offers_no_more_than_the_caps_let_through_of_a_week()
    {
        var profile = new World(5, Customers, Now).History(7).Aggregate(Plan.Json.Empty(), Next);
        var today = Profile.DayOf(Now);
        var best = Offers(profile, new())[0];
        var (reached, before) = (new ContactCounts(), new ContactCounts());
        reached.Add(today, best, 100);
        reached.Add(today - 6, best, 100);
        before.Add(today - 7, best, 200);

        Assert.DoesNotContain(best, Offers(profile, reached));
        Assert.Equal(best, Offers(profile, before)[0]);
    }

    [Fact]
    public void A_strategy_with_more_than_it_keeps_is_refused() =>
        Assert.Throws<LoadException>(() => new ServicePlan(StrategyCompiler.Compile(LoadStrategy.Source, 1).Strategy!));

    // Read and written for each event, as the service does.
    private static Profile Next(Profile profile, Api.Event @event)
    {
        ServiceFold.Apply(Plan, profile, @event, Now);
        return Plan.Json.Read(Plan.Json.Write(profile));
    }

    private static List<string> Offers(CustomerState state)
    {
        var request = new DecisionRequest("r", "", "web", Direction.Inbound, ["hero"], 3, PropertyMap.Empty, ExplainLevel.None, DryRun: true);
        return [.. Decider.Decide(CustomerKey.User("default", "someone"), state, OpenOffers.Empty, Strategy, request, Now).Items.Select(item => item.Action)];
    }

    private static List<string> Offers(Profile profile, ContactCounts contacts)
    {
        var today = Profile.DayOf(Now);
        return ServiceDecider.Decide(Plan, ("web", "hero"), new(profile, today, profile.Channel, profile.Device, null), contacts, today, 3).ConvertAll(candidate => candidate.Action.Name);
    }

    private static string Value(CustomerState state, Feature feature)
    {
        var facts = new Facts(Strategy);
        facts.Look(state, Now, null, state.Context);
        return feature.Kind switch
        {
            FeatureKind.Count => $"{facts.FeatureInt(feature.Slot)}",
            FeatureKind.Sum => $"{facts.FeatureDouble(feature.Slot):0.##}",
            FeatureKind.Last => $"{facts.FeatureTimestamp(feature.Slot):O}",
            _ => facts.FeatureKeptString(feature.Slot) ?? "",
        };
    }

    private static string Value(Profile profile, Feature feature)
    {
        var facts = new ProfileFacts(profile, Profile.DayOf(Now), null, null, null);
        return feature.Kind switch
        {
            FeatureKind.Count => $"{facts.Count(feature.Slot)}",
            FeatureKind.Sum => $"{facts.Sum(feature.Slot):0.##}",
            FeatureKind.Last => $"{facts.LastAt(feature.Slot):O}",
            _ => facts.LastText(feature.Slot) ?? "",
        };
    }

    private static Api.Event AtNoon(Api.Event @event)
    {
        var day = DateTimeOffset.UnixEpoch.AddDays(Profile.DayOf(@event.Timestamp.ToDateTimeOffset()));
        @event.Timestamp = Timestamp.FromDateTimeOffset(day.AddHours(12) > Now ? Now : day.AddHours(12));
        return @event;
    }

    private static CustomerEvent Read(Api.Event @event) => new(
        @event.MessageId,
        @event.Type == Api.EventType.Identify ? EventType.Identify : EventType.Track,
        @event.Event_,
        @event.Timestamp.ToDateTimeOffset(),
        Now,
        Map(@event.Type == Api.EventType.Identify ? @event.Traits : @event.Properties),
        Map(@event.Context));

    private static PropertyMap Map(Struct from) => PropertyMap.From(from.Fields.Select(field => KeyValuePair.Create(field.Key, field.Value.KindCase switch
    {
        WireValue.KindOneofCase.StringValue => EngineValue.Of(field.Value.StringValue),
        WireValue.KindOneofCase.NumberValue => EngineValue.Of(field.Value.NumberValue),
        WireValue.KindOneofCase.BoolValue => EngineValue.Of(field.Value.BoolValue),
        _ => EngineValue.Of(Map(field.Value.StructValue)),
    })));
}
