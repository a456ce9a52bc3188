using System.Collections.Immutable;
using Decisioning.Engine.Customers;

namespace Decisioning.Storage;

/// <summary>What every adapter asks of the events of an append.</summary>
internal static class AppendCheck
{
    /// <exception cref="ArgumentException">The events are not numbered without a gap, or hold a message id twice.</exception>
    public static void Check(long expectedSequence, ImmutableArray<RecordedEvent> events)
    {
        var seen = events.Length > 1 ? new HashSet<string>(events.Length, StringComparer.Ordinal) : null;
        for (var i = 0; i < events.Length; i++)
        {
            if (events[i].Sequence != expectedSequence + i + 1)
            {
                throw new ArgumentException($"the event at {i} has sequence {events[i].Sequence}, not {expectedSequence + i + 1}", nameof(events));
            }

            if (seen?.Add(events[i].Event.MessageId) == false)
            {
                throw new ArgumentException($"the message id `{events[i].Event.MessageId}` is there twice", nameof(events));
            }
        }
    }
}
