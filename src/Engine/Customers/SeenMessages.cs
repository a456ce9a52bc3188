using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Decisioning.Engine.Customers;

/// <summary>A message that was applied, as hashes.</summary>
/// <param name="IdHash">Of its id.</param>
/// <param name="ContentHash">Of what the caller sent: see <see cref="RecordedEvent.ContentHash"/>.</param>
public readonly record struct SeenMessage(ulong IdHash, ulong ContentHash);

/// <summary>The newest message ids of a customer, as hashes, at most <see cref="Limits.SeenMessagesMax"/>; the oldest leave first.</summary>
public sealed record SeenMessages
{
    private readonly SeenMessage[] _messages;

    private SeenMessages(SeenMessage[] messages) => _messages = messages;

    /// <summary>None seen.</summary>
    public static SeenMessages Empty { get; } = new([]);

    /// <summary>What was seen, oldest first.</summary>
    public ImmutableArray<SeenMessage> Messages => ImmutableCollectionsMarshal.AsImmutableArray(_messages);

    /// <summary>Makes a window of messages, oldest first; of more than <see cref="Limits.SeenMessagesMax"/> the newest stay.</summary>
    public static SeenMessages From(ReadOnlySpan<SeenMessage> messages) =>
        messages.IsEmpty ? Empty : new(messages[Math.Max(0, messages.Length - Limits.SeenMessagesMax)..].ToArray());

    /// <summary>This window after newer messages.</summary>
    public SeenMessages Add(ReadOnlySpan<SeenMessage> newer)
    {
        if (newer.IsEmpty)
        {
            return this;
        }

        var kept = Math.Min(_messages.Length, Math.Max(0, Limits.SeenMessagesMax - newer.Length));
        var next = new SeenMessage[kept + Math.Min(newer.Length, Limits.SeenMessagesMax)];
        _messages.AsSpan(_messages.Length - kept).CopyTo(next);
        newer[Math.Max(0, newer.Length - Limits.SeenMessagesMax)..].CopyTo(next.AsSpan(kept));
        return new(next);
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
        for (var i = _messages.Length - 1; i >= 0; i--)
        {
            if (_messages[i].IdHash == idHash)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Whether both hold the same messages in the same order.</summary>
    public bool Equals(SeenMessages? other) => other is not null && _messages.AsSpan().SequenceEqual(other._messages);

    /// <inheritdoc/>
    public override int GetHashCode() => _messages.Length == 0 ? 0 : _messages[^1].GetHashCode();
}
