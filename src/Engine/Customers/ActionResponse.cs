using Orleans;

namespace Decisioning.Engine.Customers;

/// <summary>What a customer did with an action that a decision offered.</summary>
/// <param name="DecisionId">The decision it answers; empty when unknown.</param>
/// <param name="Issue">The action's issue.</param>
/// <param name="Group">The action's group.</param>
/// <param name="Action">The action.</param>
/// <param name="Treatment">The treatment shown; empty when unknown.</param>
/// <param name="Channel">The channel it was shown on; empty when unknown.</param>
/// <param name="Placement">The placement it was shown in; empty when unknown.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Behaviour">Whether that is good news.</param>
/// <param name="Reward">What it was worth, in the strategy's currency; 0 when not said.</param>
[GenerateSerializer, Immutable, Alias("decisioning.action-response")]
public sealed record ActionResponse(
    [property: Id(0)] string DecisionId,
    [property: Id(1)] string Issue,
    [property: Id(2)] string Group,
    [property: Id(3)] string Action,
    [property: Id(4)] string Treatment,
    [property: Id(5)] string Channel,
    [property: Id(6)] string Placement,
    [property: Id(7)] Outcome Outcome,
    [property: Id(8)] Behaviour Behaviour,
    [property: Id(9)] double Reward);
