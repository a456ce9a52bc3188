using System.Collections.Frozen;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Decisions;

/// <summary>What a decision asks of others while it is made. Each gate is a value: the same questions get the same answers.</summary>
/// <param name="Budget">Guards the money; null to withhold nothing.</param>
/// <param name="Experiment">Keeps control groups; null to withhold nothing.</param>
public sealed record DecisionHooks(IBudgetGate? Budget = null, IExperimentGate? Experiment = null)
{
    /// <summary>No gates.</summary>
    public static DecisionHooks None { get; } = new();

    /// <summary>Whether an answer in full tries out what would have been otherwise, and when. Default: true.</summary>
    internal bool TriesOut { get; init; } = true;

    /// <summary>Features by slot that are read as these values, whatever the cells say; null for none.</summary>
    internal FrozenDictionary<int, Value>? Supposed { get; init; }
}

/// <summary>Says whether there is money left for an offer.</summary>
public interface IBudgetGate
{
    /// <summary>Why an action cannot be paid for; null when it can.</summary>
    /// <param name="action">The action; <see cref="ActionDefinition.Cost"/> is what offering it costs.</param>
    /// <param name="chosen">What the decision at hand has chosen so far costs, in the strategy's currency.</param>
    Withheld? Withhold(ActionDefinition action, double chosen);
}

/// <summary>Says what an experiment keeps from a customer. Made for the customer's arm.</summary>
public interface IExperimentGate
{
    /// <summary>Why an action that won its place is not offered; null when it is.</summary>
    /// <param name="action">The action.</param>
    Withheld? Withhold(ActionDefinition action);
}

/// <summary>Why a gate withholds an action.</summary>
/// <param name="Rule">The budget or experiment, by its path or name.</param>
/// <param name="Reason">In words.</param>
/// <param name="Until">When it lets through again; null where that is not known.</param>
public sealed record Withheld(string Rule, string Reason, DateTimeOffset? Until = null);
