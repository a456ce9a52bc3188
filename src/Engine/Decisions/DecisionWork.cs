using System.Collections.Immutable;
using Decisioning.Engine.Arbitration;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Policies;
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
    private readonly byte[] _rules;
    private readonly byte[] _consents;
    private readonly FunnelStage[] _stages;

    private DecisionWork(DecisionPlan plan)
    {
        Plan = plan;
        Facts = new(plan.Strategy);
        Counts = new(plan.CapIndex);
        Entrants = new Entrant[plan.Actions.Length];
        _conditions = new byte[plan.Conditions.Length];
        _rules = new byte[plan.Strategy.Rules.Length];
        _consents = new byte[plan.Consents.Length];
        _stages = new FunnelStage[plan.Actions.Length];
    }

    /// <summary>The strategy, prepared.</summary>
    public DecisionPlan Plan { get; }

    /// <summary>What conditions are evaluated on.</summary>
    public Facts Facts { get; }

    /// <summary>How often each cap was used.</summary>
    public CapCounts Counts { get; }

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
        _idle = work;
    }

    /// <summary>Turns to a customer and a question.</summary>
    public void Look(CustomerState state, OpenOffers offers, DecisionRequest request, string decisionId, DateTimeOffset now)
    {
        Array.Fill(_conditions, NotAsked);
        Array.Fill(_rules, NotAsked);
        Array.Fill(_consents, NotAsked);
        Array.Fill(_stages, (FunnelStage)NotAsked);
        Channel = request.Channel;
        Slots.Clear();
        Choices.Clear();
        Now = now;
        Standing.At(Facts, state, now, Situation(request));
        Counts.Begin(state.Contacts, offers.Offers, decisionId, now);
    }

    /// <summary>Whether a condition holds; there being none, it does.</summary>
    public Truth Test(int condition)
    {
        if (condition == DecisionPlan.None)
        {
            return Truth.True;
        }

        ref var known = ref _conditions[condition];
        if (known == NotAsked)
        {
            known = (byte)Plan.Conditions[condition].Test(Facts);
        }

        return (Truth)known;
    }

    /// <summary>Whether all layers of a rule hold now.</summary>
    public bool Holds(int rule)
    {
        ref var known = ref _rules[rule];
        if (known == NotAsked)
        {
            known = HoldsNow(rule) ? (byte)1 : (byte)0;
        }

        return known == 1;
    }

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

    /// <summary>Whether a treatment is for a slot on the channel asked for.</summary>
    public bool Fits(int slot, PlannedTreatment treatment) =>
        (Channel.Length == 0 || Channel == treatment.Definition.Channel)
        && (Slots[slot].Placement.Length == 0 || Slots[slot].Placement == treatment.Definition.Placement);

    /// <summary>Where an action dropped out, or that it was chosen; null while it was not asked about: it is no candidate.</summary>
    public FunnelStage? StageOf(int action) => _stages[action] is var stage && (byte)stage != NotAsked ? stage : null;

    /// <summary>
    /// Notes that an action dropped out at a stage. One with several treatments dropped out where the last of them did, so a
    /// later stage replaces an earlier one.
    /// </summary>
    public void Drop(int action, FunnelStage stage)
    {
        ref var last = ref _stages[action];
        if (last != FunnelStage.Chosen && ((byte)last == NotAsked || last < stage))
        {
            last = stage;
        }
    }

    /// <summary>Notes that an action was chosen.</summary>
    public void Choose(Choice choice)
    {
        Choices.Add(choice);
        _stages[choice.Action.Definition.Index] = FunnelStage.Chosen;
    }

    private bool HoldsNow(int rule)
    {
        foreach (var layer in Plan.Strategy.Rules[rule].Layers)
        {
            if (layer.When.Test(Facts) != Truth.True)
            {
                return false;
            }
        }

        return true;
    }

    private static PropertyMap Situation(DecisionRequest request) =>
        request.Channel.Length == 0 ? request.Context : request.Context.With("channel", Value.Of(request.Channel));
}

/// <summary>A slot to fill.</summary>
/// <param name="Placement">The placement; empty for a list over all.</param>
/// <param name="Candidates">Who competes, in the order in which ties go.</param>
internal readonly record struct Slot(string Placement, ImmutableArray<Candidate> Candidates);

/// <summary>A chosen action.</summary>
/// <param name="Slot">The index of the slot.</param>
/// <param name="Rank">1 for the best of the slot.</param>
/// <param name="Action">The action.</param>
/// <param name="Treatment">The treatment.</param>
/// <param name="Weighing">What its rank is made of.</param>
/// <param name="Probability">The probability with which it was picked.</param>
/// <param name="ExpiresAt">Until when it may be shown.</param>
internal readonly record struct Choice(
    int Slot, int Rank, PlannedAction Action, PlannedTreatment Treatment, Weighing Weighing, double Probability, DateTimeOffset ExpiresAt);

/// <summary>What an action's rank is made of, beside its own propensity and value.</summary>
/// <param name="Context">The product of the weights of the situation.</param>
/// <param name="Lever">The product of the levers.</param>
/// <param name="Priority">The product of the parts that count: propensity × context weight × value × lever weight.</param>
internal readonly record struct Weighing(double Context, double Lever, double Priority);
