using System.Collections.Immutable;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Rules;

/// <summary>
/// A layered rule: every layer that is present must hold. Its effects come when it begins to hold and again only after
/// it did not hold in between.
/// </summary>
/// <param name="Index">Its place among the strategy's rules; effects of earlier rules come first.</param>
/// <param name="Id">Its id.</param>
/// <param name="Layers">The layers present, in the order behaviour, order, device, time, profile. At least one.</param>
/// <param name="Then">What it does. At least one.</param>
/// <param name="Reads">The dotted names its layers depend on, to find the rules an event can change.</param>
public sealed record Rule(int Index, string Id, ImmutableArray<Layer> Layers, ImmutableArray<RuleEffect> Then, ImmutableArray<string> Reads)
{
    /// <summary>
    /// The events it is for, by name in ordinal order: it is evaluated at these alone, and acts at each at which its layers hold. Empty for a
    /// rule that is evaluated at all events and acts when it begins to hold.
    /// </summary>
    public ImmutableArray<string> On { get; init; } = [];

    /// <summary>Whether a layer looks at the event at hand.</summary>
    public bool ReadsEvent => Reads.Any(read => read == "event" || read.StartsWith("event.", StringComparison.Ordinal));
}

/// <summary>One layer of a rule.</summary>
/// <param name="Kind">Which.</param>
/// <param name="When">When it holds.</param>
public sealed record Layer(LayerKind Kind, Condition When);

/// <summary>The layers of a rule, in the order they are asked.</summary>
public enum LayerKind : byte
{
    /// <summary>What the customer did.</summary>
    Behaviour = 1,

    /// <summary>What the customer bought.</summary>
    Order = 2,

    /// <summary>On what device or channel the customer is.</summary>
    Device = 3,

    /// <summary>What time it is for the customer.</summary>
    Time = 4,

    /// <summary>Who the customer is.</summary>
    Profile = 5,
}
