using System.Collections.Immutable;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Decisions;

/// <summary>Tells which part of the contact policy dropped an action, and when it lets it through again.</summary>
internal static class ContactVerdict
{
    /// <summary>The verdict: the reason of the first treatment, the instant of the one that is allowed again first.</summary>
    /// <param name="work">The decision at hand.</param>
    /// <param name="action">The action.</param>
    /// <param name="treatments">Its treatments that came as far as the contact policy; at least one.</param>
    public static Verdict Of(DecisionWork work, PlannedAction action, ImmutableArray<PlannedTreatment> treatments)
    {
        var (rule, reason) = Reason(work, action, treatments[0]);
        DateTimeOffset? first = null;
        foreach (var treatment in treatments)
        {
            if (AllowedAgainAt(work, treatment) is { } at && (first is null || at < first) && !(at >= action.Definition.ValidUntil))
            {
                first = at;
            }
        }

        return new(action.Definition.Name, FunnelStage.ContactPolicy, rule, reason, PropertyMap.Empty, first);
    }

    private static (string Rule, string Reason) Reason(DecisionWork work, PlannedAction action, PlannedTreatment treatment)
    {
        var channel = treatment.Definition.Channel;
        if (!work.IsPlanned(treatment))
        {
            return Unplanned(work, action, channel);
        }

        if (!work.Reach.Touches(treatment.Reach))
        {
            return Touch(work, action, treatment);
        }

        if (!work.Reach.Lets(treatment.Reach))
        {
            return work.Reach.SendAt(treatment.Reach) is { } at
                ? (work.Plan.Reach.SendTimes[treatment.Reach.SendTime].Path, TooLate(work, action, at))
                : Quiet(work, treatment, channel);
        }

        var reached = work.Counts.Reached(treatment.Caps).First();
        return (reached.Cap.Path, $"{Words.Of(reached.Cap, action.Definition, channel)}: {(reached.Cap.IsCoolOff ? $"the last at {Words.Of(reached.Last)}" : Use(reached))}");
    }

    private static (string Rule, string Reason) Unplanned(DecisionWork work, PlannedAction action, string channel)
    {
        var stage = work.Plan.Strategy.Stages[action.Definition.Stages.First(stage => (work.InStages & (1u << stage)) != 0)];
        var channels = string.Join(", ", stage.Plan!.Channels.Select(planned => $"`{planned}`"));
        return ($"schedule.{stage.Name}.channels", $"`{channel}` is not planned for the stage `{stage.Name}`: its channels are {channels}");
    }

    private static (string Rule, string Reason) Touch(DecisionWork work, PlannedAction action, PlannedTreatment treatment)
    {
        var mode = work.Reach.Touch;
        var name = TouchRule.NameOf(mode);
        var allowed = action.Definition.Touch & treatment.Definition.Touch;
        if (allowed != TouchModes.All && (allowed & mode) == TouchModes.None)
        {
            var modes = new[] { TouchModes.High, TouchModes.Low, TouchModes.Tech }.Where(one => (allowed & one) != TouchModes.None).Select(one => $"`{TouchRule.NameOf(one)}`");
            var path = $"issues.{action.Definition.Issue}.{action.Definition.Group}.{action.Definition.Name}";
            return (
                action.Definition.Touch == TouchModes.All ? $"{path}.treatments.{treatment.Definition.Name}.touch" : $"{path}.touch",
                mode == TouchModes.None ? $"for the touch {string.Join(", ", modes)} only, and the customer has none" : $"for the touch {string.Join(", ", modes)} only, and the customer's is `{name}`");
        }

        var channels = work.Plan.Strategy.Touch.First(rule => rule.Mode == mode).Channels.Select(channel => $"`{channel}`");
        return ($"touch.{name}.channels", $"`{treatment.Definition.Channel}` is no channel of the touch `{name}`: those are {string.Join(", ", channels)}");
    }

    private static string TooLate(DecisionWork work, PlannedAction action, DateTimeOffset at) => at == DateTimeOffset.MaxValue
        ? "quiet hours leave no time to send it"
        : action.Definition.ValidUntil is { } until && at >= until
        ? $"it would be sent at {Words.Of(at)} and is valid until {Words.Of(until)}"
        : $"it would be sent at {Words.Of(at)}, more than {Words.Of(Limits.SendAheadMax)} from now";

    private static (string Rule, string Reason) Quiet(DecisionWork work, PlannedTreatment treatment, string channel)
    {
        var hours = work.Reach.QuietNow(treatment.Reach)!;
        return (hours.Path, $"quiet hours on `{channel}` from {Words.Of(hours.From)} to {Words.Of(hours.Until)}, and it is {Words.Of(LocalClock.TimeAt(work.Facts.Zone, work.Now))} where the customer is");
    }

    /// <summary>When a treatment is allowed again if nothing but time passes; null where that is not known or never.</summary>
    private static DateTimeOffset? AllowedAgainAt(DecisionWork work, PlannedTreatment treatment)
    {
        if (!work.IsPlanned(treatment) || !work.Reach.Touches(treatment.Reach) || CapsAllowAt(work, treatment) is not { } at)
        {
            return null;
        }

        // What has a time of its own waits for quiet hours to end by itself; that a time is too late, time alone may not cure.
        return work.Reach.SendAt(treatment.Reach) is null
            ? work.Reach.AfterQuiet(treatment.Reach, at)
            : work.Reach.Lets(treatment.Reach) ? at : null;
    }

    /// <summary>When the last of several reached caps lets through again; null when one never does.</summary>
    private static DateTimeOffset? CapsAllowAt(DecisionWork work, PlannedTreatment treatment)
    {
        var latest = work.Now;
        foreach (var reached in work.Counts.Reached(treatment.Caps))
        {
            if (reached.LetsAt is not { } at)
            {
                return null;
            }

            latest = at > latest ? at : latest;
        }

        return latest;
    }

    private static string Use(ReachedCap reached) => (reached.Before, reached.Chosen) switch
    {
        (0, 0) => "none is allowed",
        (var before, 0) => $"{before} since {Words.Of(reached.First)}",
        (0, var chosen) => $"{chosen} in this decision",
        var (before, chosen) => $"{before} since {Words.Of(reached.First)} and {chosen} in this decision",
    };
}
