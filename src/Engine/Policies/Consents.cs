using System.Collections.Immutable;

namespace Decisioning.Engine.Policies;

/// <summary>Reads a customer's consents.</summary>
public static class Consents
{
    /// <summary>
    /// What counts for a purpose on a channel. INVARIANT (deny wins): of what was said for the channel and for
    /// <see cref="ConsentState.AnyChannel"/>, a refusal counts before a grant, whichever is newer.
    /// </summary>
    /// <returns>What counts; null when nothing was said, which is no consent.</returns>
    public static ConsentState? Find(ImmutableArray<ConsentState> consents, string purpose, string channel)
    {
        ConsentState? counts = null;
        foreach (var consent in consents)
        {
            if (consent.Purpose != purpose || (consent.Channel != channel && consent.Channel != ConsentState.AnyChannel))
            {
                continue;
            }

            if (consent.Status != ConsentStatus.Granted)
            {
                return consent;
            }

            counts ??= consent;
        }

        return counts;
    }

    /// <summary>Whether a customer may be contacted for a purpose on a channel.</summary>
    public static bool Granted(ImmutableArray<ConsentState> consents, string purpose, string channel) =>
        Find(consents, purpose, channel) is { Status: ConsentStatus.Granted };
}
