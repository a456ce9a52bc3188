using Decisioning.Engine.Actions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Decisions;

/// <summary>How the customer at hand may be reached now: each question is answered once per decision, when it is first asked.</summary>
internal sealed class Reach(ReachPlan plan, Facts facts)
{
    /// <summary>The bit of customers without a mode of touch, beside those of <see cref="TouchModes"/>.</summary>
    public const int NoTouch = 8;

    private const int NotAsked = -2;
    private const int PreferredPoints = 1 << 16;

    private readonly SendInstant[] _sendTimes = new SendInstant[plan.SendTimes.Count];
    private readonly int[] _locales = new int[plan.Locales.Count];
    private int _touch;
    private int _preferred;
    private long _quiet;
    private bool _localesKnown;
    private DateTimeOffset _now;

    /// <summary>Turns to the customer that the facts look at.</summary>
    public void Begin(DateTimeOffset now)
    {
        _now = now;
        _touch = NotAsked;
        _preferred = NotAsked;
        _quiet = NotAsked;
        _localesKnown = false;
        Array.Clear(_sendTimes);
    }

    /// <summary>The customer's mode of touch.</summary>
    public TouchModes Touch => (TouchModes)(TouchBit & (int)TouchModes.All);

    /// <summary>Whether touch, quiet hours and send time let a treatment through.</summary>
    public bool Lets(in TreatmentReach treatment) =>
        (treatment.Touch & TouchBit) != 0
        && (treatment.SendTime == DecisionPlan.None
            ? treatment.Quiet == 0 || (treatment.Quiet & QuietBits) == 0
            : IsSent(treatment));

    /// <summary>Whether the touch model lets a treatment through.</summary>
    public bool Touches(in TreatmentReach treatment) => (treatment.Touch & TouchBit) != 0;

    /// <summary>How well a treatment fits, by the customer's locale and preferred channel; 0 when it is in a language of others.</summary>
    public int Rank(in TreatmentReach treatment) =>
        LocaleRank(treatment) is > 0 and var rank ? rank + (treatment.Channel == Preferred ? PreferredPoints : 0) : 0;

    /// <summary>Whether a treatment is written in the customer's language, or for all.</summary>
    public bool Speaks(in TreatmentReach treatment) => LocaleRank(treatment) > 0;

    /// <summary>The factor that the preferred channel puts on a treatment's priority.</summary>
    public double Weight(in TreatmentReach treatment) => treatment.Channel == Preferred ? plan.Strategy.Preference!.Weight : 1;

    /// <summary>When a treatment is sent: at its time, or as soon after it as no quiet hours hold; null for at once.</summary>
    public DateTimeOffset? SendAt(in TreatmentReach treatment)
    {
        if (treatment.SendTime == DecisionPlan.None)
        {
            return null;
        }

        return SendTime(treatment.SendTime) is { } at ? AfterQuiet(treatment, at) ?? DateTimeOffset.MaxValue : null;
    }

    /// <summary>The first instant, not before another, at which no quiet hours bind a treatment; null when they leave no gap.</summary>
    public DateTimeOffset? AfterQuiet(in TreatmentReach treatment, DateTimeOffset at) =>
        treatment.Quiet == 0 ? at : LocalClock.AfterQuiet(facts.Zone, at, plan.Strategy.QuietHours, treatment.Quiet);

    /// <summary>The first of the quiet hours that rest a treatment now; null for none.</summary>
    public QuietHours? QuietNow(in TreatmentReach treatment)
    {
        var bits = treatment.Quiet & QuietBits;
        return bits == 0 ? null : plan.Strategy.QuietHours[System.Numerics.BitOperations.TrailingZeroCount(bits)];
    }

    /// <summary>The locale the customer reads: of the profile, else of the situation, else the strategy's.</summary>
    public string Locale => LocaleTag.Of(facts);

    private int TouchBit
    {
        get
        {
            if (_touch == NotAsked)
            {
                _touch = NoTouch;
                foreach (var rule in plan.Strategy.Touch)
                {
                    if (rule.When.Test(facts) == Truth.True)
                    {
                        _touch = (int)rule.Mode;
                        break;
                    }
                }
            }

            return _touch;
        }
    }

    private uint QuietBits
    {
        get
        {
            if (_quiet == NotAsked)
            {
                _quiet = 0;
                var time = LocalClock.TimeAt(facts.Zone, _now);
                for (var i = 0; i < plan.Strategy.QuietHours.Length; i++)
                {
                    _quiet |= LocalClock.IsQuiet(plan.Strategy.QuietHours[i], time) ? 1L << i : 0;
                }
            }

            return (uint)_quiet;
        }
    }

    private int Preferred
    {
        get
        {
            if (_preferred == NotAsked)
            {
                _preferred = DecisionPlan.None;
                if (plan.Strategy.Preference?.Channel is { } channel && channel.TryString(facts, out var name))
                {
                    for (var i = 0; i < plan.Channels.Count; i++)
                    {
                        _preferred = plan.Channels[i] == name ? i : _preferred;
                    }
                }
            }

            return _preferred;
        }
    }

    private int LocaleRank(in TreatmentReach treatment)
    {
        if (treatment.Locale == DecisionPlan.None)
        {
            return 1;
        }

        if (!_localesKnown)
        {
            _localesKnown = true;
            var locale = Locale;
            for (var i = 0; i < _locales.Length; i++)
            {
                _locales[i] = LocaleTag.Covers(plan.Locales[i], locale) ? 1 + plan.Locales[i].Length : 0;
            }
        }

        return _locales[treatment.Locale];
    }

    // A time that cannot be told is no reason to keep silent: what it is for is then sent at once, outside of quiet hours.
    private bool IsSent(in TreatmentReach treatment) => SendAt(treatment) is { } at
        ? at < treatment.ValidUntil && at - _now <= Limits.SendAheadMax
        : (treatment.Quiet & QuietBits) == 0;

    private DateTimeOffset? SendTime(int number)
    {
        ref var known = ref _sendTimes[number];
        if (!known.IsKnown)
        {
            known = new(true, Find(plan.SendTimes[number]));
        }

        return known.At;
    }

    private DateTimeOffset? Find(SendTime time)
    {
        if (!time.Expression.TryValue(facts, out var value))
        {
            return null;
        }

        return value.Kind switch
        {
            ValueKind.Int when value.AsInt() is >= 0 and <= 23 and var hour => LocalClock.NextHour(facts.Zone, _now, (int)hour),
            ValueKind.Timestamp => value.AsTimestamp() is var at && at > _now ? at : _now,
            _ => null,
        };
    }

    private readonly record struct SendInstant(bool IsKnown, DateTimeOffset? At);
}
