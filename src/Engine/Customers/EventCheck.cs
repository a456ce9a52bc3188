using System.Collections.Immutable;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Customers;

/// <summary>
/// Whether an event can be applied. Unknown events and properties can; a property whose type a strategy declares must be
/// of that type and within its declared values or range (null counts as not given), so that conditions never meet what their check ruled out.
/// </summary>
internal static class EventCheck
{
    /// <summary>Everything that keeps an event from being applied; empty when nothing does.</summary>
    public static ImmutableArray<FieldViolation> Violations(CustomerEvent e, Strategy strategy, DateTimeOffset now)
    {
        var found = ImmutableArray<FieldViolation>.Empty;
        if (e.MessageId.Length is 0 or > Limits.MessageIdCharsMax)
        {
            found = found.Add(new("message_id", $"it has {e.MessageId.Length} characters", $"give each event an id of 1 to {Limits.MessageIdCharsMax} characters"));
        }

        if ((e.Type != EventType.Wake && Waking.IsWakeId(e.MessageId)) || (e.Type != EventType.Link && Linking.IsLinkId(e.MessageId)))
        {
            found = found.Add(new("message_id", $"`{Short(Value.Of(e.MessageId))}` is an id that the engine itself gives", "give the event another id"));
        }

        if (e.Name.Length is 0 or > Limits.EventNameCharsMax)
        {
            found = found.Add(new("event", $"the name has {e.Name.Length} characters", $"give the event a name of 1 to {Limits.EventNameCharsMax} characters"));
        }

        if (e.Type switch
        {
            EventType.Wake => e.Name != EventNames.TimePassed,
            EventType.Link => !EventNames.IsLink(e.Name),
            _ => EventNames.IsReserved(e.Name),
        })
        {
            found = found.Add(new("event", $"`{Short(Value.Of(e.Name))}` is made by the engine itself", "give the event another name"));
        }

        if (e.Timestamp.UtcTicks > now.UtcTicks + Limits.ClockSkewMax.Ticks)
        {
            found = found.Add(new("timestamp", $"`{Value.Of(e.Timestamp)}` is more than {Limits.ClockSkewMax.TotalMinutes:0} minutes ahead of our clock", "send the time at which it happened, in UTC or with its offset"));
        }

        if (e.Type == EventType.Response && e.Response is null)
        {
            found = found.Add(new("response", "a response without its contents", "say which action it answers and with what outcome"));
        }
        else if (e.Response is { } response && !double.IsFinite(response.Reward))
        {
            found = found.Add(new("reward", $"`{response.Reward}` is no amount", "send a finite number, or 0 when it is not known"));
        }

        if (e.Response is { Issue: "", Group: "" } named && strategy.FindAction(named.Action) is null)
        {
            found = found.Add(new("action", $"`{Short(Value.Of(named.Action))}` is no action of the strategy{Suggestion.Cure(named.Action, strategy.Actions.Select(action => action.Name))}", "send the decision's `tracking_token`, or an action's name as the strategy has it"));
        }

        if (ConsentBook.StatusOf(e.Name) is not null)
        {
            found = found.AddRange(ConsentViolations(e.Properties));
        }

        if (strategy.Events.TryGetValue(e.Name, out var declared))
        {
            found = Check(found, e.Properties, declared.Properties);
        }

        return e.Type == EventType.Identify ? Check(found, e.Properties, strategy.Profile) : found;
    }

    private static ImmutableArray<FieldViolation> Check(ImmutableArray<FieldViolation> found, PropertyMap properties, ImmutableArray<PropertyType> declared)
    {
        foreach (var type in declared)
        {
            if (properties.TryGet(type.Name, out var value) && !value.IsNull && Complaint(value, type) is var (description, cure))
            {
                found = found.Add(new("properties." + type.Name, description, cure));
            }
        }

        return found;
    }

    private static (string Description, string Cure)? Complaint(Value value, PropertyType type)
    {
        var kind = type.Type is CelType.NullableOf nullable ? nullable.Inner : type.Type;
        if (type.IsDate)
        {
            return Properties.IsDate(value) ? null : ($"`{Short(value)}` is no date", "send a date as `yyyy-MM-dd`");
        }

        if (!Fits(value, kind))
        {
            return ($"`{Short(value)}` is no {kind}", Cure(kind));
        }

        if (!type.Values.IsEmpty && value.Kind == ValueKind.String && !type.Values.Contains(value.AsString()))
        {
            return ($"`{Short(value)}` is not among the declared values", $"send one of {string.Join(", ", type.Values.Select(text => $"`{text}`"))}, or declare it");
        }

        return value.TryNumber(out var number) && (double.IsNaN(number) || number < type.Min || number > type.Max)
            ? ($"`{Short(value)}` is out of its declared range", $"send a number from {type.Min?.ToString() ?? "any"} to {type.Max?.ToString() ?? "any"}, or declare another range")
            : null;
    }

    private static bool Fits(Value value, CelType kind) => kind switch
    {
        _ when kind == CelType.String => value.Kind == ValueKind.String,
        _ when kind == CelType.Int => value.TryInt(out _),
        _ when kind == CelType.Double => value.TryNumber(out _),
        _ when kind == CelType.Bool => value.Kind == ValueKind.Bool,
        _ when kind == CelType.Timestamp => Properties.Timestamp(value) is not null,
        _ when kind == CelType.Duration => value.Kind == ValueKind.Duration,
        CelType.ListOf => value.Kind == ValueKind.List,
        CelType.MapOf => value.Kind == ValueKind.Map,
        _ => true,
    };

    private static string Cure(CelType kind) => kind switch
    {
        _ when kind == CelType.String => "send a text in quotes",
        _ when kind == CelType.Int => "send a whole number without quotes",
        _ when kind == CelType.Double => "send a number without quotes",
        _ when kind == CelType.Bool => "send `true` or `false` without quotes",
        _ when kind == CelType.Timestamp => "send an instant as in ISO 8601: `2026-11-21T18:00:00Z`",
        _ => $"send a {kind}, or change its declared type",
    };

    private static IEnumerable<FieldViolation> ConsentViolations(PropertyMap properties)
    {
        if (Properties.String(properties[ConsentBook.Purpose]) is not { Length: > 0 and <= Limits.ConsentNameCharsMax })
        {
            yield return new("properties.purpose", "a consent event names no purpose", $"send what the consent is for, a text of 1 to {Limits.ConsentNameCharsMax} characters");
        }

        if (properties[ConsentBook.Channel] is { IsNull: false } channel && Properties.String(channel) is not { Length: <= Limits.ConsentNameCharsMax })
        {
            yield return new("properties.channel", $"`{Short(channel)}` is no channel", "send the channel's name, or leave it out for all channels");
        }
    }

    private static string Short(Value value) => value.ToString() is { Length: > 80 } text ? text[..80] + "…" : value.ToString();
}
