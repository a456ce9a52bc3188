namespace Decisioning.Engine.Policies;

/// <summary>Whether a consent holds. Stored: never reuse a number.</summary>
public enum ConsentStatus : byte
{
    /// <summary>Given.</summary>
    Granted = 1,

    /// <summary>Asked for and refused.</summary>
    Denied = 2,

    /// <summary>Given once, taken back.</summary>
    Revoked = 3,
}

/// <summary>What a customer said about being contacted for a purpose on a channel.</summary>
/// <param name="Purpose">What for, as the strategy names it.</param>
/// <param name="Channel">Where; <c>any</c> for all channels.</param>
/// <param name="Status">What was said last, by event time.</param>
/// <param name="At">When.</param>
/// <param name="Evidence">Where it was said, in the caller's words; empty when not given.</param>
public sealed record ConsentState(string Purpose, string Channel, ConsentStatus Status, DateTimeOffset At, string Evidence)
{
    /// <summary>The channel that stands for all channels.</summary>
    public const string AnyChannel = "any";
}
