using Decisioning.Engine.Values;
using Google.Protobuf.WellKnownTypes;
using Api = Decisioning.V1;
using Value = Decisioning.Engine.Values.Value;

namespace Decisioning.LoadTests.Stateless;

/// <summary>What conditions are evaluated on: a profile, a day, the situation, and in a fold the event at hand.</summary>
internal sealed class ProfileFacts(Profile profile, int today, string? channel, string? device, Api.Event? @event)
{
    /// <summary>The channel the customer is on.</summary>
    public string? Channel => channel;

    /// <summary>The type of the device.</summary>
    public string? Device => device;

    /// <summary>The situation that a context tells, laid over what was known last.</summary>
    public static (string? Channel, string? Device) Situation(Profile profile, Struct? context) => (
        Text(context, "channel") ?? profile.Channel,
        (context is not null && context.Fields.TryGetValue("device", out var device) ? Text(device.StructValue, "type") : null) ?? profile.Device);

    /// <summary>A count of the week.</summary>
    public long Count(int feature) => (long)profile.Week(feature, today);

    /// <summary>A sum of the week.</summary>
    public double Sum(int feature) => profile.Week(feature, today);

    /// <summary>What the last event of a feature said.</summary>
    public string? LastText(int feature) => profile.LastText[feature];

    /// <summary>When the last event of a feature happened.</summary>
    public DateTimeOffset? LastAt(int feature) => profile.LastAt[feature] is var at && at == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(at);

    /// <summary>A trait as a text; null when unknown or of another kind. So for the others.</summary>
    public string? TraitText(string name) => Trait(name) is { Kind: ValueKind.String } text ? text.AsString() : null;

    /// <summary>A trait as an int.</summary>
    public long? TraitInt(string name) => Trait(name).TryInt(out var integer) ? integer : null;

    /// <summary>A trait as a double.</summary>
    public double? TraitDouble(string name) => Trait(name).TryNumber(out var number) ? number : null;

    /// <summary>A trait as a bool.</summary>
    public bool? TraitBool(string name) => Trait(name) is { Kind: ValueKind.Bool } answer ? answer.AsBool() : null;

    /// <summary>A property of the event as a text.</summary>
    public string? EventText(string name) => Text(@event?.Properties, name);

    /// <summary>A property of the event as a double.</summary>
    public double? EventNumber(string name) =>
        @event?.Properties is { } properties && properties.Fields.TryGetValue(name, out var value) && value.KindCase == Google.Protobuf.WellKnownTypes.Value.KindOneofCase.NumberValue
            ? value.NumberValue
            : null;

    private static string? Text(Struct? from, string name) =>
        from is not null && from.Fields.TryGetValue(name, out var value) && value.KindCase == Google.Protobuf.WellKnownTypes.Value.KindOneofCase.StringValue ? value.StringValue : null;

    private Value Trait(string name) => profile.Traits.GetValueOrDefault(name);
}
