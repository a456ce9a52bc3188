using System.Collections.Immutable;

namespace Decisioning.Engine.Customers;

/// <summary>A message that was applied, as hashes.</summary>
/// <param name="IdHash">Of its id.</param>
/// <param name="ContentHash">Of what the caller sent: see <see cref="RecordedEvent.ContentHash"/>.</param>
public readonly record struct SeenMessage(ulong IdHash, ulong ContentHash);

/// <summary>
/// The newest message ids of a customer, as hashes, at most <see cref="Limits.SeenMessagesMax"/>; the oldest leave first. They lie in
/// blocks, so that a window shares all but its newest block with the window before.
/// </summary>
public sealed record SeenMessages
{
    // 280 bytes: an event copies half of that, where all of the window would be a kilobyte.
    private const int BlockLength = 16;

    // Whole blocks, oldest first; then one that is not empty unless all is.
    private readonly SeenMessage[][] _whole;
    private readonly SeenMessage[] _newest;

    // How many of the oldest block have left the window.
    private readonly int _left;

    private SeenMessages(SeenMessage[][] whole, SeenMessage[] newest, int left) => (_whole, _newest, _left) = (whole, newest, left);

    /// <summary>None seen.</summary>
    public static SeenMessages Empty { get; } = new([], [], 0);

    /// <summary>How many there are.</summary>
    public int Count => (_whole.Length * BlockLength) + _newest.Length - _left;

    /// <summary>What was seen, oldest first. Allocates.</summary>
    public ImmutableArray<SeenMessage> Messages
    {
        get
        {
            var messages = ImmutableArray.CreateBuilder<SeenMessage>(Count);
            for (var i = 0; i < Count; i++)
            {
                messages.Add(this[i]);
            }

            return messages.MoveToImmutable();
        }
    }

    /// <summary>One of <see cref="Messages"/>.</summary>
    /// <param name="place">Its place, from 0 to <see cref="Count"/> - 1.</param>
    public SeenMessage this[int place] => Block((place + _left) / BlockLength)[(place + _left) % BlockLength];

    /// <summary>Makes a window of messages, oldest first; of more than <see cref="Limits.SeenMessagesMax"/> the newest stay.</summary>
    public static SeenMessages From(ReadOnlySpan<SeenMessage> messages) => Empty.Add(messages);

    /// <summary>This window after newer messages.</summary>
    public SeenMessages Add(ReadOnlySpan<SeenMessage> newer)
    {
        if (newer.IsEmpty)
        {
            return this;
        }

        newer = newer[Math.Max(0, newer.Length - Limits.SeenMessagesMax)..];
        var left = _left + Math.Max(0, Count + newer.Length - Limits.SeenMessagesMax);
        var (whole, newest) = (_whole, _newest);
        while (!newer.IsEmpty)
        {
            if (newest.Length == BlockLength)
            {
                (whole, newest) = ([.. whole, newest], []);
            }

            var taken = Math.Min(newer.Length, BlockLength - newest.Length);
            newest = [.. newest, .. newer[..taken]];
            newer = newer[taken..];
        }

        return new(left < BlockLength ? whole : whole[(left / BlockLength)..], newest, left % BlockLength);
    }

    /// <summary>The hash of a message id.</summary>
    public static ulong HashOf(string messageId)
    {
        var hash = default(StableHash);
        hash.Add(messageId);
        return hash.Finish();
    }

    /// <summary>Looks a message up.</summary>
    /// <returns>The place in <see cref="Messages"/>; -1 when it is not in the window.</returns>
    public int Find(ulong idHash)
    {
        for (var block = _whole.Length; block >= 0; block--)
        {
            var messages = Block(block);
            for (var i = messages.Length - 1; i >= 0; i--)
            {
                if (messages[i].IdHash == idHash)
                {
                    return Math.Max(-1, (block * BlockLength) + i - _left);
                }
            }
        }

        return -1;
    }

    /// <summary>Whether both hold the same messages in the same order.</summary>
    public bool Equals(SeenMessages? other) => other is not null && (ReferenceEquals(this, other) || Messages.AsSpan().SequenceEqual(other.Messages.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => Count == 0 ? 0 : _newest[^1].GetHashCode();

    private SeenMessage[] Block(int index) => index < _whole.Length ? _whole[index] : _newest;
}
