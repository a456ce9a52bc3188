namespace Decisioning.Gateway.Access;

/// <summary>What a credential is worth: a caller, or why there is none.</summary>
/// <param name="Caller">Who calls; null when it is not let in.</param>
/// <param name="Reason">The code of the refusal for programs, upper case with underscores, e.g. <c>KEY_EXPIRED</c>; empty with a caller.</param>
/// <param name="Refusal">Why not, with the cure, for people; empty with a caller.</param>
internal readonly record struct Judgement(Caller? Caller, string Reason, string Refusal)
{
    /// <summary>The reason of <see cref="Unavailable"/>.</summary>
    public const string UnavailableReason = "KEYS_UNAVAILABLE";

    /// <summary>The reason of <see cref="TooOften"/>.</summary>
    public const string TooOftenReason = "CREDENTIALS_TOO_OFTEN";

    /// <summary>When to try again; null where that does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static readonly Judgement Malformed = new(
        null, "CREDENTIAL_MALFORMED", "the credential is no key; a key is `dk_`, 12 characters, `_` and 43 more: send it as `decide keys create` showed it");

    public static readonly Judgement Unknown = new(null, "KEY_UNKNOWN", "the key is not valid; send one that `decide keys create` showed");

    public static readonly Judgement Unavailable = new(null, UnavailableReason, "the key cannot be looked up now; repeat the call");

    /// <summary>Too many credentials that are not valid came from one address; this one was not looked at.</summary>
    public static Judgement TooOften(TimeSpan wait) =>
        new(null, TooOftenReason, "too many credentials that are not valid came from this address; send one that is, or wait") { RetryAfter = wait };

    public static Judgement Of(Caller caller) => new(caller, "", "");
}
