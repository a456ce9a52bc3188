using Decisioning.Engine.Customers;

namespace Decisioning.Engine.Policies;

/// <summary>What a cap counts together.</summary>
public enum CapScope : byte
{
    /// <summary>All actions.</summary>
    All = 1,

    /// <summary>Actions of one issue.</summary>
    Issue = 2,

    /// <summary>Actions of one group.</summary>
    Group = 3,

    /// <summary>One action.</summary>
    Action = 4,

    /// <summary>All actions on one channel, each channel by itself.</summary>
    Channel = 5,
}

/// <summary>A frequency cap: at most so many outcomes within a sliding window.</summary>
/// <param name="Path">Where it stands in the strategy: the id that reasons give.</param>
/// <param name="Outcome">The outcome it counts; open offers count as <see cref="Outcome.Impression"/>.</param>
/// <param name="Scope">What is counted together.</param>
/// <param name="Channel">Only on this channel; null for all channels together.</param>
/// <param name="AtMost">How many are allowed, at least 0.</param>
/// <param name="Within">The sliding window, up to now.</param>
public sealed record ContactCap(string Path, Outcome Outcome, CapScope Scope, string? Channel, int AtMost, TimeSpan Within)
{
    /// <summary>Whether it was written as a rest after one such outcome: it then allows none within the window.</summary>
    public bool IsCoolOff { get; init; }
}
