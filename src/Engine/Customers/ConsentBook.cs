using System.Collections.Immutable;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Customers;

/// <summary>What consent events say, and the consents after one. The order they come in makes no difference.</summary>
internal static class ConsentBook
{
    public const string Purpose = "purpose";
    public const string Channel = "channel";

    public static ConsentStatus? StatusOf(string eventName) => eventName switch
    {
        EventNames.ConsentGranted => ConsentStatus.Granted,
        EventNames.ConsentDenied => ConsentStatus.Denied,
        EventNames.ConsentRevoked => ConsentStatus.Revoked,
        _ => null,
    };

    /// <summary>The consent an event states; null when it is no consent event.</summary>
    public static ConsentState? Read(CustomerEvent e)
    {
        if (StatusOf(e.Name) is not { } status || Properties.String(e.Properties[Purpose]) is not { Length: > 0 } purpose)
        {
            return null;
        }

        var channel = Properties.String(e.Properties[Channel]) is { Length: > 0 } named ? named : ConsentState.AnyChannel;
        var evidence = Properties.String(e.Properties["evidence"]) ?? "";
        return new(purpose, channel, status, e.Timestamp, evidence.Length <= Limits.ConsentEvidenceCharsMax ? evidence : evidence[..Limits.ConsentEvidenceCharsMax]);
    }

    /// <summary>
    /// The consents after one more: the newest by event time wins, at the same instant the refusal. When there is no room, refusals stay
    /// and consents go: what is not known is not granted.
    /// </summary>
    public static ImmutableArray<ConsentState> With(ImmutableArray<ConsentState> consents, ConsentState said)
    {
        var at = 0;
        while (at < consents.Length && Compare(consents[at], said) < 0)
        {
            at++;
        }

        if (at < consents.Length && Compare(consents[at], said) == 0)
        {
            return Wins(said, consents[at]) ? consents.SetItem(at, said) : consents;
        }

        var next = consents.Insert(at, said);
        return next.Length <= Limits.ConsentsPerCustomerMax ? next : next.RemoveAt(Weakest(next));
    }

    private static int Compare(ConsentState one, ConsentState other) =>
        string.CompareOrdinal(one.Purpose, other.Purpose) is not 0 and var order ? order : string.CompareOrdinal(one.Channel, other.Channel);

    private static bool Wins(ConsentState said, ConsentState known) =>
        said.At != known.At ? said.At > known.At : said.Status != ConsentStatus.Granted && known.Status == ConsentStatus.Granted;

    private static int Weakest(ImmutableArray<ConsentState> consents)
    {
        var weakest = 0;
        for (var i = 1; i < consents.Length; i++)
        {
            var (one, other) = (consents[i], consents[weakest]);
            var isGrant = one.Status == ConsentStatus.Granted;
            if (isGrant != (other.Status == ConsentStatus.Granted) ? isGrant : one.At < other.At)
            {
                weakest = i;
            }
        }

        return weakest;
    }
}
