using System.Collections.Immutable;

namespace Decisioning.Storage;

/// <summary>What became of an append. In every case but <see cref="Appended"/> nothing of it was written.</summary>
public abstract record AppendResult
{
    private AppendResult()
    {
    }

    /// <summary>All events are on the disk.</summary>
    public static AppendResult Done { get; } = new Appended();

    /// <summary>All events are on the disk.</summary>
    public sealed record Appended : AppendResult;

    /// <summary>The log has moved past the expected sequence: another activation of this customer wrote. The caller leaves and lets the next one load.</summary>
    /// <param name="ActualSequence">The sequence of the customer's last event in the log.</param>
    public sealed record SequenceConflict(long ActualSequence) : AppendResult;

    /// <summary>Some message ids are in the customer's log already. The caller answers those as repeats and appends the others again.</summary>
    /// <param name="Messages">Each message id that is known, in the order given; at least one.</param>
    public sealed record KnownMessages(ImmutableArray<KnownMessage> Messages) : AppendResult;

    /// <summary>The queue stayed full for as long as the caller may wait. The caller's state is still right: try again later.</summary>
    /// <param name="RetryAfter">How long to wait before the next try.</param>
    public sealed record Busy(TimeSpan RetryAfter) : AppendResult;
}

/// <summary>A message id that a customer's log holds.</summary>
/// <param name="MessageId">The id.</param>
/// <param name="Sequence">The sequence it was recorded with.</param>
/// <param name="ContentHash">The hash of its contents, to tell a repeat from a conflict.</param>
public sealed record KnownMessage(string MessageId, long Sequence, ulong ContentHash);
