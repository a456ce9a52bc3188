using System.Collections.Immutable;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Arbitration;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Decisions;

/// <summary>An action prepared for decisions.</summary>
/// <param name="Definition">As in the strategy.</param>
/// <param name="Eligible">The numbers of its conditions.</param>
/// <param name="Applicable">The numbers of its conditions.</param>
/// <param name="Suitable">The numbers of its conditions.</param>
/// <param name="Weights">What makes it weigh more or less.</param>
/// <param name="Offers">The rules that suggest it.</param>
/// <param name="Levers">The levers that concern it.</param>
/// <param name="StageWeights">What the schedule makes it weigh.</param>
/// <param name="Position">Its place in the order in which ties go: the higher worth first, then by issue, group and name.</param>
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
    int Position,
    double Worth,
    ImmutableArray<PlannedTreatment> Treatments,
    uint Stages,
    ActionTier Tier,
    ImmutableArray<int> Bundle)
{
    /// <summary>Whether it has a treatment that is not for customers of every language.</summary>
    public bool HasLocales { get; } = Treatments.Any(treatment => treatment.Definition.Locale is not null);

    /// <summary>Whether its priority is the same for every customer at every time.</summary>
    public bool IsSteady { get; } =
        Weights.IsEmpty && Offers.IsEmpty && StageWeights.IsEmpty && Levers.All(lever => lever.Until is null);

    private readonly Verdict?[] _refused = new Verdict?[Eligible.Length + Applicable.Length + Suitable.Length];

    /// <summary>The verdict on it where one of its conditions does not hold; null while nobody needed it.</summary>
    /// <param name="stage">Which conditions.</param>
    /// <param name="place">Which of them.</param>
    public ref Verdict? RefusedBy(FunnelStage stage, int place) => ref _refused[place + stage switch
    {
        FunnelStage.Eligibility => 0,
        FunnelStage.Applicability => Eligible.Length,
        _ => Eligible.Length + Applicable.Length,
    }];

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
internal sealed record PlannedTreatment(Treatment Definition, int Consent, ImmutableArray<CapUse> Caps, TreatmentReach Reach, uint Stages)
{
    /// <summary>Whether its content is the same for all customers.</summary>
    public bool IsFixed { get; } = Definition.Content.All(static part => part.Template.IsFixed);

    /// <summary>That content; null while nobody needed it, and where each customer has their own.</summary>
    public PropertyMap? FixedContent { get; set; }
}

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
