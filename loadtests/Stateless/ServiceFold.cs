using Decisioning.Engine.Expressions;
using Decisioning.Engine.Features;
using Google.Protobuf.WellKnownTypes;
using Api = Decisioning.V1;
using Value = Decisioning.Engine.Values.Value;

namespace Decisioning.LoadTests.Stateless;

/// <summary>What an event makes of a profile.</summary>
internal static class ServiceFold
{
    /// <summary>Takes an event in.</summary>
    /// <param name="plan">The features.</param>
    /// <param name="profile">The profile; it becomes the next one.</param>
    /// <param name="event">What happened.</param>
    /// <param name="received">When it came in; when it happened, where it does not say.</param>
    public static void Apply(ServicePlan plan, Profile profile, Api.Event @event, DateTimeOffset received)
    {
        profile.Version++;
        (profile.Channel, profile.Device) = ProfileFacts.Situation(profile, @event.Context);
        if (@event.Type == Api.EventType.Identify)
        {
            foreach (var (name, value) in @event.Traits?.Fields ?? [])
            {
                profile.Traits[name] = Trait(value);
            }

            return;
        }

        if (!plan.FeaturesByEvent.TryGetValue(@event.Event_, out var features))
        {
            return;
        }

        var at = @event.Timestamp?.ToDateTimeOffset() ?? received;
        var facts = new ProfileFacts(profile, Profile.DayOf(at), profile.Channel, profile.Device, @event);
        foreach (var feature in features)
        {
            if (feature.Where is null || feature.Where.Test(facts) == Truth.True)
            {
                Apply(profile, feature, facts, at);
            }
        }
    }

    private static void Apply(Profile profile, ServiceFeature feature, ProfileFacts facts, DateTimeOffset at)
    {
        var (slot, milliseconds) = (feature.Definition.Slot, at.ToUnixTimeMilliseconds());
        switch (feature.Definition.Kind)
        {
            case FeatureKind.Count:
                profile.Add(slot, Profile.DayOf(at), 1);
                break;
            case FeatureKind.Sum when feature.Of!.TryDouble(facts, out var amount):
                profile.Add(slot, Profile.DayOf(at), amount);
                break;
            case FeatureKind.Last when milliseconds >= profile.LastAt[slot]:
                profile.LastAt[slot] = milliseconds;
                break;
            case FeatureKind.LastValue when milliseconds >= profile.LastAt[slot] && feature.Of!.TryString(facts, out var text):
                (profile.LastAt[slot], profile.LastText[slot]) = (milliseconds, text);
                break;
        }
    }

    private static Value Trait(Google.Protobuf.WellKnownTypes.Value value) => value.KindCase switch
    {
        Google.Protobuf.WellKnownTypes.Value.KindOneofCase.StringValue => Value.Of(value.StringValue),
        Google.Protobuf.WellKnownTypes.Value.KindOneofCase.NumberValue => Value.Of(value.NumberValue),
        Google.Protobuf.WellKnownTypes.Value.KindOneofCase.BoolValue => Value.Of(value.BoolValue),
        _ => Value.Null,
    };
}
