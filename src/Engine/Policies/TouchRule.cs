using System.Collections.Immutable;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Policies;

/// <summary>Who is served in a mode of touch. Of a strategy's rules the first that holds counts.</summary>
/// <param name="Mode">One of the modes.</param>
/// <param name="When">Whom it is for.</param>
/// <param name="Channels">The channels such a customer is served on; empty for all.</param>
public sealed record TouchRule(TouchModes Mode, Condition When, ImmutableArray<string> Channels)
{
    /// <summary>The mode as authors and answers call it: <c>high</c>, <c>low</c> or <c>tech</c>; empty for none.</summary>
    public static string NameOf(TouchModes mode) => mode switch
    {
        TouchModes.High => "high",
        TouchModes.Low => "low",
        TouchModes.Tech => "tech",
        _ => "",
    };
}
