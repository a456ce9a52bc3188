using System.Collections.Immutable;

namespace Decisioning.Engine.Policies;

/// <summary>The channels on which we go to the customer; on the others the customer comes to us.</summary>
public static class OutboundChannels
{
    /// <summary>Their names.</summary>
    public static ImmutableArray<string> All { get; } = ["email", "sms", "push", "phone", "post"];
}
