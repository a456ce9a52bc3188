using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Decisioning.Engine.Arbitration;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Journeys;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Rules.Indexing;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Decisions;

/// <summary>
/// The working memory of one decision: what was asked of the customer so far (each condition, rule and consent once), how far each
/// candidate came, and what was chosen. One per thread and strategy, reused from decision to decision.
/// </summary>
internal sealed class DecisionWork
{
    private const byte NotAsked = byte.MaxValue;

    [ThreadStatic]
    private static DecisionWork? _idle;

    private readonly byte[] _conditions;
    private readonly ConditionIndex _rules;
    private readonly IndexLook _look;
    private readonly IndexLook _conditionLook;
    private readonly byte[] _consents;
    private readonly string?[] _consentWords;
    private readonly FunnelStage[] _stages;
    private uint? _inStages;

    private DecisionWork(DecisionPlan plan)
    {
        Plan = plan;
        Facts = new(plan.Strategy);
        Counts = new(plan.CapIndex);
        Reach = new(plan.Reach, Facts);
        Entrants = new Entrant[plan.Actions.Length];
        _conditions = new byte[plan.Conditions.Length];
        _rules = StrategyPlan.Of(plan.Strategy).Index;
        _look = new(_rules, Facts);
        _conditionLook = new(plan.Index, Facts);
        _consents = new byte[plan.Consents.Length];
        _consentWords = new string?[plan.Consents.Length];
        _stages = new FunnelStage[plan.Actions.Length];
        Priorities = new double[plan.Actions.Length];
        Asked = new ulong[plan.SetWords];
        Open = new ulong[plan.SetWords];
        Plain = new ulong[plan.SetWords];
        Scratch = new ulong[plan.SetWords];
    }

    /// <summary>The strategy, prepared.</summary>
    public DecisionPlan Plan { get; }

    /// <summary>What conditions are evaluated on.</summary>
    public Facts Facts { get; }

    /// <summary>How often each cap was used.</summary>
    public CapCounts Counts { get; }

    /// <summary>How the customer may be reached.</summary>
    public Reach Reach { get; }

    /// <summary>What is asked of others.</summary>
    public DecisionHooks Hooks { get; private set; } = DecisionHooks.None;

    /// <summary>What gates withheld, by the action's index.</summary>
    public Dictionary<int, Withheld> Withheld { get; } = [];

    /// <summary>Actions that won a place and were withheld: the place stays theirs.</summary>
    public List<(int Slot, int Action)> Kept { get; } = [];

    /// <summary>Per action that could not take its bundle along, the one that was missing, both by index.</summary>
    public Dictionary<int, int> Missing { get; } = [];

    /// <summary>Whether the answer is to say why: what drops out is noted only then.</summary>
    public bool Explains { get; private set; }

    /// <summary>The candidates, by position: actions with a treatment for what was asked.</summary>
    public ulong[] Asked { get; }

    /// <summary>Those of them that came through suitability and are neither chosen nor withheld by an experiment.</summary>
    public ulong[] Open { get; }

    /// <summary>Those that may be offered in the slot at hand without another question; only <see cref="Open"/> ones count.</summary>
    public ulong[] Plain { get; }

    /// <summary>Room for a bitset.</summary>
    public ulong[] Scratch { get; }

    /// <summary>By position, the priorities of those that came as far as the arbitration; noted only for explanations.</summary>
    public double[] Priorities { get; }

    /// <summary>Room for those who compete for a slot.</summary>
    public Entrant[] Entrants { get; }

    /// <summary>The instant asked for; <see cref="Facts"/> never look at one before the customer's newest event.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>The channel asked for; empty for any.</summary>
    public string Channel { get; private set; } = "";

    /// <summary>The slots to fill, in the order asked.</summary>
    public List<Slot> Slots { get; } = [];

    /// <summary>What was chosen, in the order of choosing.</summary>
    public List<Choice> Choices { get; } = [];

    /// <summary>The working memory for a strategy: this thread's, if it served the same one last.</summary>
    public static DecisionWork Rent(Strategy strategy)
    {
        var idle = _idle;
        _idle = null;
        return idle is not null && ReferenceEquals(idle.Plan.Strategy, strategy) ? idle : new(DecisionPlan.Of(strategy));
    }

    /// <summary>Gives it back; it forgets the customer.</summary>
    public static void Return(DecisionWork work)
    {
        work.Facts.Look(CustomerState.Empty, default, null, PropertyMap.Empty);
        work.Facts.Suppose(null);
        work.Hooks = DecisionHooks.None;
        _idle = work;
    }

    /// <summary>Turns to a customer and a question.</summary>
    public void Look(CustomerState state, OpenOffers offers, DecisionRequest request, string decisionId, DateTimeOffset now, DecisionHooks hooks)
    {
        _look.Forget();
        _conditionLook.Forget();
        Array.Fill(_consents, NotAsked);
        Array.Fill(_stages, (FunnelStage)NotAsked);
        Array.Clear(Asked);
        Explains = request.Explain != ExplainLevel.None;
        if (Explains)
        {
            Array.Fill(_conditions, NotAsked);
            Array.Clear(_consentWords);
            Array.Clear(Priorities);
        }

        Channel = request.Channel;
        Slots.Clear();
        Choices.Clear();
        Withheld.Clear();
        Kept.Clear();
        Missing.Clear();
        Hooks = hooks;
        _inStages = null;
        Now = now;
        Facts.Suppose(hooks.Supposed);
        Standing.At(Facts, state, now, Situation(request));
        Reach.Begin(now);
        Counts.Begin(state.Contacts, offers, Explains, decisionId, now);
    }

    /// <summary>The customer's stages, a bit each.</summary>
    public uint InStages
    {
        get
        {
            if (_inStages is null)
            {
                var bits = 0u;
                for (var i = 0; i < Plan.Strategy.Stages.Length; i++)
                {
                    bits |= Facts.InStage(i) ? 1u << i : 0;
                }

                _inStages = bits;
            }

            return _inStages.Value;
        }
    }

    /// <summary>How personal the content of an action is: as the most personal of the stages it serves and the customer is in.</summary>
    public PersonalizationLevel LevelOf(PlannedAction action) => Plan.Schedule.IsPersonal
        ? PersonalizationLevel.Individual
        : Plan.Schedule.LevelOf(action.Stages == 0 ? InStages : action.Stages & InStages);

    /// <summary>Whether the plan of a stage the customer is in allows the channel of a treatment.</summary>
    public bool IsPlanned(PlannedTreatment treatment) => treatment.Stages == uint.MaxValue || (treatment.Stages & InStages) != 0;

    /// <summary>What conditions are about, coded for the customer at hand.</summary>
    public IndexLook Codes => _conditionLook;

    /// <summary>Whether a condition holds.</summary>
    public bool Passes(int condition) => Plan.Index.Holds(condition, _conditionLook);

    /// <summary>Whether all of several conditions hold.</summary>
    public bool Pass(ImmutableArray<int> conditions)
    {
        foreach (var condition in conditions)
        {
            if (!Passes(condition))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a condition holds, or cannot be told: for explanations.</summary>
    public Truth Test(int condition)
    {
        ref var known = ref _conditions[condition];
        if (known == NotAsked)
        {
            known = (byte)Plan.Index.TruthOf(condition, _conditionLook);
        }

        return (Truth)known;
    }

    /// <summary>Whether all layers of a rule hold now.</summary>
    public bool Holds(int rule) => _rules.Holds(rule, _look);

    /// <summary>Whether a consent is granted; where none is needed, it is.</summary>
    public bool Consented(int consent)
    {
        if (consent == DecisionPlan.None)
        {
            return true;
        }

        ref var known = ref _consents[consent];
        if (known == NotAsked)
        {
            var (purpose, channel) = Plan.Consents[consent];
            known = Consents.Granted(Facts.State.Consents, purpose, channel) ? (byte)1 : (byte)0;
        }

        return known == 1;
    }

    /// <summary>What was said for or against a consent that is not granted.</summary>
    public string ConsentWords(int consent)
    {
        if (_consentWords[consent] is { } known)
        {
            return known;
        }

        var (purpose, channel) = Plan.Consents[consent];
        return _consentWords[consent] = Consents.Find(Facts.State.Consents, purpose, channel) is { } said
            ? $"consent for `{purpose}` on `{channel}` was {(said.Status == ConsentStatus.Denied ? "denied" : "revoked")} at {Words.Of(said.At)}"
            : $"no consent for `{purpose}` on `{channel}`";
    }

    /// <summary>Whether a treatment is for a slot on the channel asked for.</summary>
    public bool Fits(int slot, PlannedTreatment treatment) =>
        (Channel.Length == 0 || Channel == treatment.Definition.Channel)
        && (Slots[slot].Placement.Length == 0 || Slots[slot].Placement == treatment.Definition.Placement);

    /// <summary>Whether an action is among those that may still be chosen.</summary>
    public bool IsOpen(PlannedAction action) => (Open[action.Position >> 6] >> action.Position & 1) != 0;

    /// <summary>Whether an action was chosen.</summary>
    public bool IsChosen(PlannedAction action)
    {
        foreach (ref readonly var choice in CollectionsMarshal.AsSpan(Choices))
        {
            if (choice.Action == action)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes an action out of those that may still be chosen.</summary>
    public void Close(PlannedAction action) => Open[action.Position >> 6] &= ~(1UL << action.Position);

    /// <summary>Where an action dropped out, for explanations; null where it is no candidate or was chosen.</summary>
    public FunnelStage? StageOf(PlannedAction action)
    {
        if ((Asked[action.Position >> 6] >> action.Position & 1) == 0 || IsChosen(action))
        {
            return null;
        }

        return _stages[action.Definition.Index] is var stage && (byte)stage != NotAsked ? stage
            : IsOpen(action) ? FunnelStage.Arbitration
            : Admission.StageOf(this, action);
    }

    /// <summary>
    /// Notes that an action dropped out at a stage. One with several treatments dropped out where the last of them did, so a
    /// later stage replaces an earlier one.
    /// </summary>
    public void Drop(PlannedAction action, FunnelStage stage)
    {
        ref var last = ref _stages[action.Definition.Index];
        if ((byte)last == NotAsked || last < stage)
        {
            last = stage;
        }
    }

    /// <summary>Notes that an action was chosen; tells whether that used up a cap that other actions are bound by too.</summary>
    public bool Choose(Choice choice)
    {
        var definition = choice.Action.Definition;
        Choices.Add(choice);
        Close(choice.Action);
        return Counts.Choose(definition.Issue, definition.Group, definition.Name, choice.Treatment.Definition.Channel, choice.ExpiresAt);
    }

    /// <summary>Takes back what was chosen last, down to a number of choices.</summary>
    public void TakeBack(int choices)
    {
        while (Choices.Count > choices)
        {
            var position = Choices[^1].Action.Position;
            Open[position >> 6] |= 1UL << position;
            Choices.RemoveAt(Choices.Count - 1);
            Counts.TakeBack();
        }
    }

    /// <summary>Whether an action may be offered in the slot at hand without another question.</summary>
    public bool IsPlain(PlannedAction action) => (Plain[action.Position >> 6] >> action.Position & 1) != 0;

    /// <summary>Finds who may be offered in a slot without another question.</summary>
    public void FindPlain(SlotPlan slot)
    {
        if (Plan.Reach.Chooses || Hooks.Budget is not null)
        {
            Array.Clear(Plain);
            return;
        }

        slot.FindPlain(this, Plain);
        foreach (var counter in Counts.UsedUp)
        {
            Plan.Bound[counter].RemoveFrom(Plain);
        }
    }

    /// <summary>How many were chosen for a slot.</summary>
    public int ChosenIn(int slot)
    {
        var chosen = 0;
        foreach (ref readonly var choice in CollectionsMarshal.AsSpan(Choices))
        {
            chosen += choice.Slot == slot ? 1 : 0;
        }

        return chosen;
    }

    /// <summary>Whether a slot, and the decision as a whole, has room for one more.</summary>
    public bool HasRoom(int slot)
    {
        var taken = ChosenIn(slot);
        foreach (var kept in Kept)
        {
            taken += kept.Slot == slot ? 1 : 0;
        }

        return taken < Slots[slot].MaxItems && Choices.Count < Limits.DecisionItemsMax;
    }

    private static PropertyMap Situation(DecisionRequest request) =>
        request.Channel.Length == 0 ? request.Context : request.Context.With("channel", Value.Of(request.Channel));
}

/// <summary>A slot to fill.</summary>
/// <param name="Container">Of several named requests the one it is of; empty otherwise.</param>
/// <param name="Placement">The placement; empty for a list over all.</param>
/// <param name="MaxItems">The most items in it.</param>
/// <param name="Plan">Who competes.</param>
internal readonly record struct Slot(string Container, string Placement, int MaxItems, SlotPlan Plan);

/// <summary>A chosen action.</summary>
/// <param name="Slot">The index of the slot.</param>
/// <param name="Rank">1 for the best of the slot.</param>
/// <param name="Action">The action.</param>
/// <param name="Treatment">The treatment.</param>
/// <param name="Weighing">What its rank is made of.</param>
/// <param name="Probability">The probability with which it was picked.</param>
/// <param name="ExpiresAt">Until when it may be shown.</param>
/// <param name="SendAt">When it is to be sent; null for at once.</param>
/// <param name="Bundle">The action whose bundle it belongs to, that one included; null for none.</param>
internal readonly record struct Choice(
    int Slot, int Rank, PlannedAction Action, PlannedTreatment Treatment, Weighing Weighing, double Probability, DateTimeOffset ExpiresAt,
    DateTimeOffset? SendAt, PlannedAction? Bundle);
