using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Arbitration;
using Decisioning.Engine.Journeys;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Rules.Indexing;
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
        var worth = strategy.Actions.Select(action => strategy.Arbitration.Policy.Worth(action, strategy.Arbitration.Goals.AsSpan())).ToArray();
        var positions = PositionsOf(strategy.Actions, worth);
        Actions = [.. strategy.Actions.Select(action => new PlannedAction(
            action,
            [.. action.Eligible.Select(conditions.Add)],
            [.. action.Applicable.Select(conditions.Add)],
            [.. action.Suitable.Select(conditions.Add)],
            [.. action.ContextWeights.Select(weight => new PlannedWeight(conditions.Add(weight.When), weight.Weight))],
            [.. OffersOf(strategy.Rules, action)],
            [.. strategy.Levers.Where(lever => Concerns(lever, action))],
            [.. StageWeightsOf(strategy.Stages, action)],
            positions[action.Index],
            worth[action.Index],
            [.. action.Treatments.OrderBy(treatment => treatment.Name, StringComparer.Ordinal).Select(treatment => new PlannedTreatment(
                treatment, consents.Add(action.Purpose, treatment.Channel), CapIndex.UsesOf(action, treatment.Channel), Reach.Of(action, treatment), StagesFor(strategy.Stages, action, treatment.Channel)))],
            action.Stages.Aggregate(0u, (bits, stage) => bits | (1u << stage)),
            action.IsMandatory ? ActionTier.Mandatory : action.IsFallback ? ActionTier.Fallback : ActionTier.Usual,
            Together(action, strategy.Actions)))];
        HasMandatory = Actions.Any(action => action.Tier == ActionTier.Mandatory);
        Conditions = conditions.ToImmutable();
        Index = new([.. Conditions.Select(condition => ImmutableArray.Create(condition.Expression))], strategy.TermReaders);
        Refusals = [.. Conditions.Select(condition => $"{Words.Of(condition)} does not hold")];
        Consents = consents.ToImmutable();
        InOrder = [.. Actions.OrderBy(action => action.Position)];
        SetWords = (Actions.Length + 63) / 64;
        Steady = [.. InOrder.Select(action => action.IsSteady && !Reach.Chooses ? Weighing.Steady(strategy.Arbitration.Parts, action).Priority : double.NaN)];
        Slots = SlotsOf(Actions, SetWords);
        Nobody = new([], SetWords);
        Admission = AdmissionPlan.Of(Actions, strategy.Stages.Length, Index);
        Tiers = [.. Enum.GetValues<ActionTier>().Select(tier => ActionSet.Of(Actions.Where(action => action.Tier == tier).Select(action => action.Position)))];
        Bound = BoundOf(Actions, CapIndex.Counters);
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

    /// <summary>Tells which conditions hold, a row each: by their terms, so that thousands of them cost no call each.</summary>
    public ConditionIndex Index { get; }

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

    /// <summary>The actions in the order in which ties go.</summary>
    public ImmutableArray<PlannedAction> InOrder { get; }

    /// <summary>The priorities, by position, of actions whose priority is always the same; not a number for others.</summary>
    public ImmutableArray<double> Steady { get; }

    /// <summary>How many words a bitset of all actions has.</summary>
    public int SetWords { get; }

    /// <summary>Who competes for a channel and placement; an empty text stands for any.</summary>
    public FrozenDictionary<(string Channel, string Placement), SlotPlan> Slots { get; }

    /// <summary>A slot that no action has a treatment for.</summary>
    public SlotPlan Nobody { get; }

    /// <summary>What decides which actions come through eligibility, applicability and suitability.</summary>
    public AdmissionPlan Admission { get; }

    /// <summary>The actions of each <see cref="ActionTier"/>.</summary>
    public ImmutableArray<ActionSet> Tiers { get; }

    /// <summary>Per counter of a cap the actions that it binds.</summary>
    public ImmutableArray<ActionSet> Bound { get; }

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

    private static int[] PositionsOf(ImmutableArray<ActionDefinition> actions, double[] worth)
    {
        var positions = new int[actions.Length];
        foreach (var (position, action) in actions
            .OrderByDescending(action => worth[action.Index])
            .ThenBy(action => action.Issue, StringComparer.Ordinal)
            .ThenBy(action => action.Group, StringComparer.Ordinal)
            .ThenBy(action => action.Name, StringComparer.Ordinal)
            .Index())
        {
            positions[action.Index] = position;
        }

        return positions;
    }

    /// <summary>The placements that treatments for a channel have, by name in ordinal order; an empty text stands for any channel.</summary>
    public IEnumerable<string> PlacementsOn(string channel) =>
        Slots.Keys.Where(slot => slot.Channel == channel && slot.Placement.Length > 0).Select(slot => slot.Placement).Order(StringComparer.Ordinal);

    private static FrozenDictionary<(string Channel, string Placement), SlotPlan> SlotsOf(ImmutableArray<PlannedAction> actions, int words)
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
            slot => new SlotPlan(slot.Value.GroupBy(entry => entry.Action, entry => entry.Treatment).Select(entry => new Candidate(entry.Key, [.. entry])), words));
    }

    /// <summary>Per counter of a cap the actions with a treatment that asks it.</summary>
    private static ImmutableArray<ActionSet> BoundOf(ImmutableArray<PlannedAction> actions, int counters)
    {
        var bound = new HashSet<int>?[counters];
        foreach (var action in actions)
        {
            foreach (var use in action.Treatments.SelectMany(treatment => treatment.Caps))
            {
                (bound[use.Counter] ??= []).Add(action.Position);
            }
        }

        return [.. bound.Select(positions => ActionSet.Of(positions ?? []))];
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
