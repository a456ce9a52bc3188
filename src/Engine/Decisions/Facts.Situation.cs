using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Decisions;

// The readers of the event at hand and of the situation.
public sealed partial class Facts
{
    private PropertyMap? _remembered;
    private string? _channel;
    private string? _deviceType;

    /// <summary>The name of the event at hand; null in a decision.</summary>
    public string? EventName => Event?.Name;

    /// <summary>When the event at hand happened; null in a decision.</summary>
    public DateTimeOffset? EventTimestamp => Event?.Timestamp;

    /// <summary>A property of the event at hand, of any kind; null when it has none, or in a decision.</summary>
    public Value EventValue(string name) => Event is { } e ? e.Properties[name] : Value.Null;

    /// <summary>A property of the event as a text; null when it has none or of another kind. So for the other typed readers.</summary>
    public string? EventString(string name) => Properties.String(EventValue(name));

    /// <summary>A property of the event as an int.</summary>
    public long? EventInt(string name) => Properties.Int(EventValue(name));

    /// <summary>A property of the event as a double.</summary>
    public double? EventDouble(string name) => Properties.Double(EventValue(name));

    /// <summary>A property of the event as a bool.</summary>
    public bool? EventBool(string name) => Properties.Bool(EventValue(name));

    /// <summary>A property of the event as an instant; a date is its midnight in UTC.</summary>
    public DateTimeOffset? EventTimestampOf(string name) => Properties.Timestamp(EventValue(name));

    /// <summary>A property of the event as a span.</summary>
    public TimeSpan? EventDurationOf(string name) => Properties.Duration(EventValue(name));

    /// <summary>A name of the situation, of any kind; null when it is not there.</summary>
    /// <param name="path">A name, or names with dots between for what lies deeper: <c>campaign.source</c>.</param>
    public Value ContextValue(string path)
    {
        var map = Context;
        var rest = path.AsSpan();
        while (true)
        {
            var dot = rest.IndexOf('.');
            var value = Find(map, dot < 0 ? rest : rest[..dot]);
            if (dot < 0 || value.Kind != ValueKind.Map)
            {
                return dot < 0 ? value : Value.Null;
            }

            map = value.AsMap();
            rest = rest[(dot + 1)..];
        }
    }

    /// <summary>A name of the situation as a text; null when it is not there or of another kind.</summary>
    /// <param name="path">As for <see cref="ContextValue"/>.</param>
    public string? ContextString(string path) => Properties.String(ContextValue(path));

    /// <summary>The channel the customer is on; null when unknown.</summary>
    public string? Channel
    {
        get
        {
            RememberSituation();
            return _channel;
        }
    }

    /// <summary>The type of the customer's device, such as <c>mobile</c>; null when unknown.</summary>
    public string? DeviceType
    {
        get
        {
            RememberSituation();
            return _deviceType;
        }
    }

    /// <summary>What is known of the customer's device by name; null when unknown.</summary>
    public Value DeviceValue(string name) => Context["device"] is { Kind: ValueKind.Map } device ? device.AsMap()[name] : Value.Null;

    // Half of all rules ask for these two, and the same situation lasts for many events.
    private void RememberSituation()
    {
        if (!ReferenceEquals(_remembered, Context))
        {
            _remembered = Context;
            _channel = Properties.String(Context["channel"]);
            _deviceType = Properties.String(DeviceValue("type"));
        }
    }

    // A situation has few names, and a search by span needs no text of its own.
    private static Value Find(PropertyMap map, ReadOnlySpan<char> name)
    {
        foreach (var (key, value) in map.Entries)
        {
            if (name.SequenceEqual(key))
            {
                return value;
            }
        }

        return Value.Null;
    }
}
