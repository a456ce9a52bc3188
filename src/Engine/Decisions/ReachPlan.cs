using System.Collections.Immutable;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Decisions;

/// <summary>
/// How customers may be reached, prepared for decisions: touch, quiet hours, preferences, send times and locales turned into bits
/// and numbers, so that asking a treatment costs a few comparisons.
/// </summary>
internal sealed class ReachPlan
{
    private readonly List<string> _channels = [];
    private readonly List<string> _locales = [];
    private readonly List<SendTime> _sendTimes = [];

    public ReachPlan(Strategy strategy)
    {
        Strategy = strategy;
        PreferredHour = strategy.Preference?.Hour is { } hour ? NumberOf(_sendTimes, hour) : DecisionPlan.None;
    }

    public Strategy Strategy { get; }

    /// <summary>The channels of treatments.</summary>
    public IReadOnlyList<string> Channels => _channels;

    /// <summary>The locales of treatments.</summary>
    public IReadOnlyList<string> Locales => _locales;

    /// <summary>When treatments are sent, those of several alike once.</summary>
    public IReadOnlyList<SendTime> SendTimes => _sendTimes;

    /// <summary>The number of the preferred hour among <see cref="SendTimes"/>.</summary>
    public int PreferredHour { get; }

    /// <summary>Whether of several treatments that are allowed another than the first by name may be better.</summary>
    public bool Chooses => _locales.Count > 0 || Strategy.Preference?.Channel is not null;

    /// <summary>A treatment, prepared. Called while the plan is made.</summary>
    public TreatmentReach Of(ActionDefinition action, Treatment treatment)
    {
        var quiet = 0u;
        for (var i = 0; i < Strategy.QuietHours.Length; i++)
        {
            quiet |= Strategy.QuietHours[i].Channels.Contains(treatment.Channel) ? 1u << i : 0;
        }

        var isOutbound = OutboundChannels.All.Contains(treatment.Channel);
        return new(
            TouchBits(action.Touch & treatment.Touch, treatment.Channel),
            quiet,
            NumberOf(_channels, treatment.Channel),
            treatment.Locale is null ? DecisionPlan.None : NumberOf(_locales, treatment.Locale),
            treatment.At is { } at ? NumberOf(_sendTimes, at) : isOutbound ? PreferredHour : DecisionPlan.None,
            action.ValidUntil ?? DateTimeOffset.MaxValue);
    }

    /// <summary>The modes in which a treatment is allowed, and one bit more for customers without a mode.</summary>
    private byte TouchBits(TouchModes modes, string channel)
    {
        var bits = modes == TouchModes.All ? (byte)modes | Reach.NoTouch : (byte)modes;
        foreach (var rule in Strategy.Touch)
        {
            bits &= rule.Channels.IsEmpty || rule.Channels.Contains(channel) ? byte.MaxValue : ~(byte)rule.Mode;
        }

        return (byte)bits;
    }

    private static int NumberOf(List<string> known, string name) => Numbered(known, known.IndexOf(name), name);

    private static int NumberOf(List<SendTime> known, SendTime time) => Numbered(known, known.FindIndex(other => other.Expression.Text == time.Expression.Text), time);

    private static int Numbered<T>(List<T> known, int index, T item)
    {
        if (index >= 0)
        {
            return index;
        }

        known.Add(item);
        return known.Count - 1;
    }
}

/// <summary>How a treatment reaches customers.</summary>
/// <param name="Touch">A bit per mode of touch in which it is allowed, and <see cref="Reach.NoTouch"/>.</param>
/// <param name="Quiet">A bit per quiet hours that bind it.</param>
/// <param name="Channel">The number of its channel.</param>
/// <param name="Locale">The number of its locale.</param>
/// <param name="SendTime">The number of its send time.</param>
/// <param name="ValidUntil">Until when its action is valid (exclusive).</param>
internal readonly record struct TreatmentReach(byte Touch, uint Quiet, int Channel, int Locale, int SendTime, DateTimeOffset ValidUntil)
{
    /// <summary>Whether it is for everybody, at all hours, at once.</summary>
    public bool IsPlain =>
        Touch == ((byte)TouchModes.All | Decisions.Reach.NoTouch) && Quiet == 0 && Locale == DecisionPlan.None && SendTime == DecisionPlan.None;
}
