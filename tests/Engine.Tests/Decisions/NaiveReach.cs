using Decisioning.Engine.Actions;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;
using NodaTime;

namespace Decisioning.Engine.Tests.Decisions;

/// <summary>How a customer may be reached, told as simply as possible: a clock that is looked at minute by minute.</summary>
internal sealed class NaiveReach(Strategy strategy, Facts facts, DateTimeOffset now)
{
    private readonly DateTimeZone _zone = DateTimeZoneProviders.Tzdb[facts.ProfileString("timezone") ?? "UTC"];

    public bool Lets(ActionDefinition action, Treatment treatment)
    {
        var mode = strategy.Touch.FirstOrDefault(rule => rule.When.Test(facts) == Truth.True);
        var restricted = action.Touch & treatment.Touch;
        if ((restricted != TouchModes.All && (mode is null || !restricted.HasFlag(mode.Mode))) || (mode is { Channels.Length: > 0 } && !mode.Channels.Contains(treatment.Channel)))
        {
            return false;
        }

        return SendAt(treatment) is { } at
            ? at < (action.ValidUntil ?? DateTimeOffset.MaxValue) && at <= now.AddDays(90)
            : !IsQuiet(treatment, now);
    }

    public bool Reads(Treatment treatment)
    {
        var locale = (facts.ProfileString("locale") ?? strategy.Locale).Replace('_', '-');
        return treatment.Locale is null || locale.Equals(treatment.Locale, StringComparison.OrdinalIgnoreCase)
            || locale.StartsWith(treatment.Locale + "-", StringComparison.OrdinalIgnoreCase);
    }

    public bool Prefers(Treatment treatment) => strategy.Preference?.Channel is not null && facts.ProfileString("likes") == treatment.Channel;

    public DateTimeOffset? SendAt(Treatment treatment)
    {
        var time = treatment.At ?? (treatment.Channel is "email" ? strategy.Preference?.Hour : null);
        if (time is null || !time.Expression.TryValue(facts, out var value) || (value.Kind == ValueKind.Int && value.AsInt() is < 0 or > 23) || value.IsNull)
        {
            return null;
        }

        var at = value.Kind == ValueKind.Timestamp && value.AsTimestamp() > now ? value.AsTimestamp() : now;
        while (value.Kind == ValueKind.Int && Local(at).Hour != value.AsInt())
        {
            at = at.AddMinutes(1);
        }

        return Loud(treatment, at);
    }

    private DateTimeOffset Loud(Treatment treatment, DateTimeOffset at)
    {
        for (var minutes = 0; minutes < 3000; minutes++)
        {
            if (!IsQuiet(treatment, at.AddMinutes(minutes)))
            {
                return at.AddMinutes(minutes);
            }
        }

        return DateTimeOffset.MaxValue;
    }

    private bool IsQuiet(Treatment treatment, DateTimeOffset at) => strategy.QuietHours.Any(hours => hours.Channels.Contains(treatment.Channel) && (hours.From < hours.Until
        ? Local(at).TimeOfDay >= hours.From && Local(at).TimeOfDay < hours.Until
        : Local(at).TimeOfDay >= hours.From || Local(at).TimeOfDay < hours.Until));

    private LocalDateTime Local(DateTimeOffset at) => Instant.FromDateTimeOffset(at).InZone(_zone).LocalDateTime;
}
