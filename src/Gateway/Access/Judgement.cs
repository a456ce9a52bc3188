namespace Decisioning.Gateway.Access;

/// <summary>What a credential is worth: a caller, or why there is none.</summary>
/// <param name="Caller">Who calls; null when it is not let in.</param>
/// <param name="Reason">The code of the refusal for programs, upper case with underscores, e.g. <c>KEY_EXPIRED</c>; empty with a caller.</param>
/// <param name="Refusal">Why not, with the cure, for people; empty with a caller.</param>
internal readonly record struct Judgement(Caller? Caller, string Reason, string Refusal)
{
    /// <summary>When to try again; null where that does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static readonly Judgement Malformed = new(
        null, "CREDENTIAL_MALFORMED", "the credential is no key; a key is `dk_`, 12 characters, `_` and 43 more: send it as `decide keys create` showed it");

    public static readonly Judgement Unknown = new(null, "KEY_UNKNOWN", "the key is not valid; send one that `decide keys create` showed");

    public static readonly Judgement Unavailable = new(null, "KEYS_UNAVAILABLE", "the key cannot be looked up now; repeat the call");

    public static Judgement Of(Caller caller) => new(caller, "", "");
}
