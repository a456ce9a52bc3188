using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Arbitration;
using Decisioning.Engine.Journeys;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Decisions;

/// <summary>
/// A strategy prepared for decisions: names turned into numbers, equal conditions made one, what concerns an action put beside it.
/// Built once per strategy, immutable, shared by all threads.
/// </summary>
internal sealed class DecisionPlan
{
    /// <summary>In place of the number of a condition, purpose or channel there is none of.</summary>
    public const int None = -1;

    // A strategy is swapped whole, so its plan lives exactly as long as it does.
    private static readonly ConditionalWeakTable<Strategy, DecisionPlan> Plans = [];

    private DecisionPlan(Strategy strategy)
    {
        Strategy = strategy;
        CapIndex = new(strategy.Caps, strategy.Actions);
        Reach = new(strategy);

        var conditions = new ConditionSet();
        var consents = new ConsentSet();
        var ranks = RanksByName(strategy.Actions);
        Actions = [.. strategy.Actions.Select(action => new PlannedAction(
            action,
            [.. action.Eligible.Select(conditions.Add)],
            [.. action.Applicable.Select(conditions.Add)],
            [.. action.Suitable.Select(conditions.Add)],
            [.. action.ContextWeights.Select(weight => new PlannedWeight(conditions.Add(weight.When), weight.Weight))],
            [.. OffersOf(strategy.Rules, action)],
            [.. strategy.Levers.Where(lever => Concerns(lever, action))],
            [.. StageWeightsOf(strategy.Stages, action)],
            ranks[action.Index],
            strategy.Arbitration.Policy.Worth(action, strategy.Arbitration.Goals.AsSpan()),
            [.. action.Treatments.OrderBy(treatment => treatment.Name, StringComparer.Ordinal).Select(treatment => new PlannedTreatment(
                treatment, consents.Add(action.Purpose, treatment.Channel), CapIndex.UsesOf(action, treatment.Channel), Reach.Of(action, treatment), StagesFor(strategy.Stages, action, treatment.Channel)))],
            action.Stages.Aggregate(0u, (bits, stage) => bits | (1u << stage)),
            action.IsMandatory ? ActionTier.Mandatory : action.IsFallback ? ActionTier.Fallback : ActionTier.Usual,
            Together(action, strategy.Actions)))];
        HasMandatory = Actions.Any(action => action.Tier == ActionTier.Mandatory);
        Conditions = conditions.ToImmutable();
        Refusals = [.. Conditions.Select(condition => $"{Words.Of(condition)} does not hold")];
        Consents = consents.ToImmutable();
        Slots = SlotsOf(Actions);
        Schedule = new(strategy.Stages);
        FeatureSlots = strategy.Features.ToFrozenDictionary(feature => feature.Name, feature => feature.Slot, StringComparer.Ordinal);
    }

    /// <summary>The strategy.</summary>
    public Strategy Strategy { get; }

    /// <summary>How actions are picked.</summary>
    public IArbitrationPolicy Arbitration => Strategy.Arbitration.Policy;

    /// <summary>The actions by their index.</summary>
    public ImmutableArray<PlannedAction> Actions { get; }

    /// <summary>The different conditions of all actions.</summary>
    public ImmutableArray<Condition> Conditions { get; }

    /// <summary>What to say when a condition does not hold, by its number.</summary>
    public ImmutableArray<string> Refusals { get; }

    /// <summary>The different pairs of purpose and channel that treatments need consent for.</summary>
    public ImmutableArray<(string Purpose, string Channel)> Consents { get; }

    /// <summary>The counters of contact caps.</summary>
    public CapIndex CapIndex { get; }

    /// <summary>How customers may be reached.</summary>
    public ReachPlan Reach { get; }

    /// <summary>The plans of the stages.</summary>
    public SchedulePlan Schedule { get; }

    /// <summary>Whether any action goes before all others.</summary>
    public bool HasMandatory { get; }

    /// <summary>Who competes for a channel and placement, in the order in which ties go; an empty text stands for any.</summary>
    public FrozenDictionary<(string Channel, string Placement), ImmutableArray<Candidate>> Slots { get; }

    /// <summary>Slots of features by name, for content.</summary>
    public FrozenDictionary<string, int> FeatureSlots { get; }

    /// <summary>The plan of a strategy.</summary>
    public static DecisionPlan Of(Strategy strategy) => Plans.GetValue(strategy, static key => new(key));

    private static IEnumerable<PlannedOffer> OffersOf(ImmutableArray<Rule> rules, ActionDefinition action) =>
        from rule in rules
        from effect in rule.Then.OfType<RuleEffect.Offer>()
        where effect.ActionIndex == action.Index
        select new PlannedOffer(rule.Index, effect.Weight);

    private static bool Concerns(Lever lever, ActionDefinition action) =>
        (lever.Issue is null || lever.Issue == action.Issue)
        && (lever.Group is null || lever.Group == action.Group)
        && (lever.Action is null || lever.Action == action.Name);

    private static IEnumerable<PlannedStageWeight> StageWeightsOf(ImmutableArray<Stage> stages, ActionDefinition action)
    {
        foreach (var stage in stages)
        {
            if (stage.Plan is { Weight: not 1 } plan && action.Stages.Contains(stage.Index))
            {
                yield return new(1u << stage.Index, plan.Weight, $"schedule.{stage.Name}.weight");
            }

            foreach (var weight in stage.Plan?.Weights ?? [])
            {
                if (weight.For.Concerns(action))
                {
                    yield return new(1u << stage.Index, weight.Weight, $"schedule.{stage.Name}.weights");
                }
            }
        }
    }

    /// <summary>The stages, a bit each, for which an action may be offered on a channel; all of them when every one it serves allows it.</summary>
    private static uint StagesFor(ImmutableArray<Stage> stages, ActionDefinition action, string channel)
    {
        var allowing = action.Stages.Where(stage => stages[stage].Plan is not { Channels: { IsEmpty: false } channels } || channels.Contains(channel)).ToList();
        return allowing.Count == action.Stages.Length ? uint.MaxValue : allowing.Aggregate(0u, (bits, stage) => bits | (1u << stage));
    }

    /// <summary>Those that must come along with an action: its bundle, theirs, and so on; breadth first, without itself.</summary>
    private static ImmutableArray<int> Together(ActionDefinition action, ImmutableArray<ActionDefinition> actions)
    {
        List<int> together = [action.Index];
        for (var i = 0; i < together.Count; i++)
        {
            together.AddRange(actions[together[i]].Bundle.Where(member => !together.Contains(member)));
        }

        return [.. together.Skip(1)];
    }

    private static int[] RanksByName(ImmutableArray<ActionDefinition> actions)
    {
        var ranks = new int[actions.Length];
        var rank = 0;
        foreach (var action in actions
            .OrderBy(action => action.Issue, StringComparer.Ordinal)
            .ThenBy(action => action.Group, StringComparer.Ordinal)
            .ThenBy(action => action.Name, StringComparer.Ordinal))
        {
            ranks[action.Index] = rank++;
        }

        return ranks;
    }

    private static FrozenDictionary<(string Channel, string Placement), ImmutableArray<Candidate>> SlotsOf(ImmutableArray<PlannedAction> actions)
    {
        var slots = new Dictionary<(string Channel, string Placement), List<(PlannedAction Action, PlannedTreatment Treatment)>>();
        foreach (var action in actions)
        {
            foreach (var treatment in action.Treatments)
            {
                var (channel, placement) = (treatment.Definition.Channel, treatment.Definition.Placement);
                foreach (var slot in new[] { (channel, placement), (channel, ""), ("", placement), ("", "") }.Distinct())
                {
                    slots.TryAdd(slot, []);
                    slots[slot].Add((action, treatment));
                }
            }
        }

        return slots.ToFrozenDictionary(
            slot => slot.Key,
            slot => slot.Value
                .GroupBy(entry => entry.Action, entry => entry.Treatment)
                .Select(entry => new Candidate(entry.Key, [.. entry]))
                .OrderByDescending(candidate => candidate.Action.Worth)
                .ThenBy(candidate => candidate.Action.NameRank)
                .ToImmutableArray());
    }

    /// <summary>Numbers conditions; those written alike are one, so that a decision asks each once.</summary>
    private sealed class ConditionSet
    {
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
        private readonly ImmutableArray<Condition>.Builder _conditions = ImmutableArray.CreateBuilder<Condition>();

        public int Add(Condition condition)
        {
            if (_numbers.TryAdd(condition.Expression.Text, _conditions.Count))
            {
                _conditions.Add(condition);
            }

            return _numbers[condition.Expression.Text];
        }

        public ImmutableArray<Condition> ToImmutable() => _conditions.ToImmutable();
    }

    /// <summary>Numbers the pairs of purpose and channel.</summary>
    private sealed class ConsentSet
    {
        private readonly List<(string Purpose, string Channel)> _pairs = [];

        public int Add(string? purpose, string channel)
        {
            if (purpose is null)
            {
                return None;
            }

            if (_pairs.IndexOf((purpose, channel)) is >= 0 and var known)
            {
                return known;
            }

            _pairs.Add((purpose, channel));
            return _pairs.Count - 1;
        }

        public ImmutableArray<(string Purpose, string Channel)> ToImmutable() => [.. _pairs];
    }
}

/// <summary>An action prepared for decisions.</summary>
/// <param name="Definition">As in the strategy.</param>
/// <param name="Eligible">The numbers of its conditions.</param>
/// <param name="Applicable">The numbers of its conditions.</param>
/// <param name="Suitable">The numbers of its conditions.</param>
/// <param name="Weights">What makes it weigh more or less.</param>
/// <param name="Offers">The rules that suggest it.</param>
/// <param name="Levers">The levers that concern it.</param>
/// <param name="StageWeights">What the schedule makes it weigh.</param>
/// <param name="NameRank">Its rank among all actions by issue, group and name.</param>
/// <param name="Worth">What a positive response is worth to the strategy's arbitration policy.</param>
/// <param name="Treatments">Its treatments by name in ordinal order: where several would do equally well, the first is taken.</param>
/// <param name="Stages">A bit per stage it serves; 0 for all.</param>
/// <param name="Tier">Before or after whom it is offered.</param>
/// <param name="Bundle">The actions that come along with it, by index.</param>
internal sealed record PlannedAction(
    ActionDefinition Definition,
    ImmutableArray<int> Eligible,
    ImmutableArray<int> Applicable,
    ImmutableArray<int> Suitable,
    ImmutableArray<PlannedWeight> Weights,
    ImmutableArray<PlannedOffer> Offers,
    ImmutableArray<Lever> Levers,
    ImmutableArray<PlannedStageWeight> StageWeights,
    int NameRank,
    double Worth,
    ImmutableArray<PlannedTreatment> Treatments,
    uint Stages,
    ActionTier Tier,
    ImmutableArray<int> Bundle)
{
    /// <summary>Whether it has a treatment that is not for customers of every language.</summary>
    public bool HasLocales { get; } = Treatments.Any(treatment => treatment.Definition.Locale is not null);

    // An action is itself: comparing its parts would be slow where it is a key.
    public bool Equals(PlannedAction? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Definition.Index;
}

/// <summary>A context weight: the number of its condition and its factor.</summary>
internal readonly record struct PlannedWeight(int Condition, double Weight);

/// <summary>A rule that suggests an action: its index and the factor.</summary>
internal readonly record struct PlannedOffer(int Rule, double Weight);

/// <summary>A factor on an action's priority for customers in a stage: the stage's bit, the factor, and where it stands.</summary>
internal readonly record struct PlannedStageWeight(uint Stage, double Weight, string Path);

/// <summary>A treatment with the number of the consent it needs, the caps that bind it, how it reaches customers, and the stages whose plans allow its channel.</summary>
internal sealed record PlannedTreatment(Treatment Definition, int Consent, ImmutableArray<CapUse> Caps, TreatmentReach Reach, uint Stages);

/// <summary>Before or after whom an action is offered.</summary>
internal enum ActionTier : byte
{
    /// <summary>Before all others.</summary>
    Mandatory = 0,

    /// <summary>By priority.</summary>
    Usual = 1,

    /// <summary>Only where nothing else is.</summary>
    Fallback = 2,
}

/// <summary>An action with those of its treatments that fit a slot, by name in ordinal order; at least one.</summary>
internal readonly record struct Candidate(PlannedAction Action, ImmutableArray<PlannedTreatment> Treatments);
