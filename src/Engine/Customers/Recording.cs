using System.Collections.Immutable;

namespace Decisioning.Engine.Customers;

/// <summary>The plan of one write: what to answer, what to append, the state after it, and what it means to others.</summary>
/// <param name="Outcomes">One per event given, in their order.</param>
/// <param name="Accepted">What the log is to append, in sequence order; empty when nothing changes.</param>
/// <param name="Next">The state once the log has it.</param>
/// <param name="Changes">Stage changes, tags and responses for those who watch.</param>
public sealed record Recording(
    ImmutableArray<RecordOutcome> Outcomes,
    ImmutableArray<RecordedEvent> Accepted,
    CustomerState Next,
    ImmutableArray<CustomerChange> Changes)
{
    /// <summary>
    /// What the fold touched, as <see cref="Rules.Touched.Things"/> says it: what reads nothing of it changes by time alone when it would have
    /// anyway. Null where that is not known.
    /// </summary>
    internal ulong[]? Touched { get; init; }

    /// <summary>Plans that were made each on the state of the one before, as one: outcomes, events and changes one after another.</summary>
    /// <param name="recordings">At least one, in their order.</param>
    public static Recording Together(ImmutableArray<Recording> recordings) => new(
        [.. recordings.SelectMany(static recording => recording.Outcomes)],
        [.. recordings.SelectMany(static recording => recording.Accepted)],
        recordings[^1].Next,
        [.. recordings.SelectMany(static recording => recording.Changes)])
    {
        Touched = TouchedBy(recordings),
    };

    private static ulong[]? TouchedBy(ImmutableArray<Recording> recordings)
    {
        ulong[]? all = null;
        foreach (var recording in recordings)
        {
            if (recording.Accepted.IsEmpty)
            {
                continue;
            }

            if (recording.Touched is not { } touched)
            {
                return null;
            }

            all ??= new ulong[touched.Length];
            for (var word = 0; word < all.Length; word++)
            {
                all[word] |= touched[word];
            }
        }

        return all;
    }
}
