using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Decisions;

/// <summary>Makes what people and programs see of a customer.</summary>
public static class CustomerViews
{
    /// <summary>The customer as seen at an instant, through a strategy.</summary>
    /// <param name="state">The committed state.</param>
    /// <param name="strategy">The strategy to see it through.</param>
    /// <param name="now">The instant; one before the newest event counts as that event's.</param>
    public static CustomerView Of(CustomerState state, Strategy strategy, DateTimeOffset now)
    {
        var facts = Facts.Rent(strategy);
        var standing = Standing.At(facts, state, now, PropertyMap.Empty);
        var view = new CustomerView(
            standing.Sequence,
            strategy.Version,
            now,
            standing.Profile,
            PropertyMap.From(strategy.Features.Select(feature => KeyValuePair.Create(feature.Name, facts.FeatureValue(feature.Slot)))),
            SegmentsOf(facts),
            [.. standing.Tags.Where(tag => tag.HoldsAt(facts.Now)).Select(tag => new TagView(tag.Name, tag.Level, tag.Evidence, tag.Since, tag.ExpiresAt))],
            [.. strategy.Scores.Select(score => new ScoreView(score.Name, facts.Score(score.Index), GradeOf(facts, score.Index)))],
            [.. StagesOf(standing, strategy).Select(stage => new StageView(stage.Name, stage.EnteredAt, stage.Entries))],
            [.. standing.Consents.Select(consent => new ConsentView(consent.Purpose, consent.Channel, StatusOf(consent.Status), consent.At))],
            standing.LateEvents,
            standing.FirstEventAt,
            standing.LatestEventAt,
            Waking.NextAt(state, strategy, now));
        Facts.Return(facts);
        return view;
    }

    /// <summary>The names of the segments the customer belongs to, in the strategy's order.</summary>
    /// <param name="facts">Looking at the customer.</param>
    public static ImmutableArray<string> SegmentsOf(Facts facts) =>
        [.. facts.Strategy.Segments.Where(segment => facts.InSegment(segment.Index)).Select(segment => segment.Name)];

    /// <summary>The name of a score's grade now; empty for none.</summary>
    /// <param name="facts">Looking at the customer.</param>
    /// <param name="score">The score's index.</param>
    public static string GradeOf(Facts facts, int score) =>
        facts.GradeRank(score) is > 0 and var rank ? facts.Strategy.Scores[score].Grades[(int)rank - 1].Name : "";

    private static IEnumerable<Journeys.StageState> StagesOf(CustomerState state, Strategy strategy) => strategy.Stages
        .Select(stage => Journeys.StageMachine.Find(state.Stages, stage.Name))
        .OfType<Journeys.StageState>()
        .Where(stage => stage.IsIn);

    private static string StatusOf(ConsentStatus status) => status switch
    {
        ConsentStatus.Granted => "GRANTED",
        ConsentStatus.Denied => "DENIED",
        _ => "REVOKED",
    };
}
