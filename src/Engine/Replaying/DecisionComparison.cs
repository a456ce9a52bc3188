using System.Collections.Immutable;
using System.Globalization;
using Decisioning.Engine.Decisions;

namespace Decisioning.Engine.Replaying;

/// <summary>
/// Compares a recorded decision with the same made again, field by field. What records do not keep is not compared: rendered content,
/// tracking tokens, rule reports, the schedule's plans, and of verdicts the words and values.
/// </summary>
public static class DecisionComparison
{
    /// <summary>What differs; empty for nothing.</summary>
    public static ImmutableArray<Difference> Of(Decision recorded, Decision again)
    {
        var differences = new Differences();
        differences.Check("decision_id", recorded.DecisionId, again.DecisionId);
        differences.Check("sequence", recorded.Sequence, again.Sequence);
        differences.Check("strategy", recorded.Strategy, again.Strategy);
        differences.Check("strategy_version", recorded.StrategyVersion, again.StrategyVersion);
        differences.Check("strategy_hash", recorded.StrategyHash, again.StrategyHash);
        differences.Check("decided_at", recorded.DecidedAt, again.DecidedAt);
        differences.Check("seed", recorded.Seed, again.Seed);
        differences.Check("touch", recorded.Touch, again.Touch);
        differences.Check("items", recorded.Items.Length, again.Items.Length);
        for (var i = 0; i < Math.Min(recorded.Items.Length, again.Items.Length); i++)
        {
            Items(differences, i, recorded.Items[i], again.Items[i]);
        }

        Verdicts(differences, recorded.Verdicts, again.Verdicts);
        differences.Check("stages", recorded.Stages, again.Stages);
        differences.Check("segments", recorded.Segments, again.Segments);
        differences.Check("tags", recorded.Tags, again.Tags);
        return differences.Found;
    }

    /// <summary>Where two decisions offer something else: by placement and rank, e.g. <c>hero 1</c>, the action and its treatment.</summary>
    public static ImmutableArray<Difference> OfOffers(Decision recorded, Decision again)
    {
        var differences = new Differences();
        var (were, are) = (Offers(recorded), Offers(again));
        foreach (var place in were.Keys.Union(are.Keys, StringComparer.Ordinal))
        {
            differences.Check(place, were.GetValueOrDefault(place, ""), are.GetValueOrDefault(place, ""));
        }

        return differences.Found;
    }

    // Without placements asked for there is one list, whatever the placements of what is in it.
    private static Dictionary<string, string> Offers(Decision decision)
    {
        var offers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in decision.Items)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{item.Container} {item.Placement} {item.Rank}").TrimStart();
            offers[place] = $"{item.Action} as {item.Treatment}";
        }

        return offers;
    }

    private static void Items(Differences differences, int index, DecisionItem recorded, DecisionItem again)
    {
        Check("rank", recorded.Rank, again.Rank);
        Check("issue", recorded.Issue, again.Issue);
        Check("group", recorded.Group, again.Group);
        Check("action", recorded.Action, again.Action);
        Check("treatment", recorded.Treatment, again.Treatment);
        Check("channel", recorded.Channel, again.Channel);
        Check("container", recorded.Container, again.Container);
        Check("placement", recorded.Placement, again.Placement);
        Check("is_fallback", recorded.IsFallback, again.IsFallback);
        Check("propensity", recorded.Propensity, again.Propensity);
        Check("context_weight", recorded.ContextWeight, again.ContextWeight);
        Check("value", recorded.Value, again.Value);
        Check("lever_weight", recorded.LeverWeight, again.LeverWeight);
        Check("priority", recorded.Priority, again.Priority);
        Check("action_probability", recorded.ActionProbability, again.ActionProbability);
        Check("expires_at", recorded.ExpiresAt, again.ExpiresAt);
        Check("is_mandatory", recorded.IsMandatory, again.IsMandatory);
        Check("bundle", recorded.Bundle, again.Bundle);
        Check("send_at", recorded.SendAt, again.SendAt);
        if (!recorded.Reasons.AsSpan().SequenceEqual(again.Reasons.AsSpan()))
        {
            Check("reasons", string.Join(", ", recorded.Reasons), string.Join(", ", again.Reasons));
        }

        void Check<T>(string name, T was, T now) => differences.Check("items", index, name, was, now);
    }

    private static void Verdicts(Differences differences, ImmutableArray<Verdict> recorded, ImmutableArray<Verdict> again)
    {
        var isSame = recorded.Length == again.Length;
        for (var i = 0; isSame && i < again.Length; i++)
        {
            isSame = Dropped.Of(recorded[i]) == Dropped.Of(again[i]);
        }

        if (!isSame)
        {
            differences.Check("verdicts", recorded.Select(Dropped.Of), again.Select(Dropped.Of), dropped => dropped.Action);
        }
    }

    private readonly record struct Dropped(string Action, FunnelStage Stage, string Rule, DateTimeOffset? AllowedAgainAt)
    {
        public static Dropped Of(Verdict verdict) => new(verdict.Action, verdict.Stage, verdict.Rule, verdict.AllowedAgainAt);

        public override string ToString() => AllowedAgainAt is { } at
            ? string.Create(CultureInfo.InvariantCulture, $"{Stage} {Rule} until {at.UtcDateTime:O}")
            : $"{Stage} {Rule}";
    }
}
