namespace Decisioning.Storage.Sqlite;

/// <summary>
/// The part of the index that is in memory: the generation that grows, and the one before it while it is being written to
/// the tables. What is in neither is in the tables: an entry leaves memory only after the commit that wrote it.
/// </summary>
internal sealed class CustomerIndex
{
    private volatile Pair _pair = new(new IndexGeneration([]), null);

    // The room of the generation that was written last serves the next one: it is too much to be made each time.
    private Dictionary<MessageKey, long> _room = [];

    public IndexGeneration Growing => _pair.Growing;

    public bool IsWriting => _pair.Written is not null;

    /// <summary>The committed head of a customer, or null when the tables have it. Any thread.</summary>
    public CustomerHead? FindHead(string key)
    {
        var pair = _pair;
        return pair.Growing.Heads.TryGetValue(key, out var head) || pair.Written is { } written && written.Heads.TryGetValue(key, out head)
            ? head
            : null;
    }

    /// <summary>The position of a message, or 0 when only the tables can tell. The writer's thread.</summary>
    public long FindMessage(MessageKey key)
    {
        var pair = _pair;
        return pair.Growing.Messages.TryGetValue(key, out var position) || pair.Written is { } written && written.Messages.TryGetValue(key, out position)
            ? position
            : 0;
    }

    /// <summary>Keeps the entries of a customer who is being erased from the tables. The writer's thread.</summary>
    public void Forget(long customerId)
    {
        var pair = _pair;
        pair.Growing.Forgotten.Add(customerId);
        pair.Written?.Forgotten.Add(customerId);
    }

    /// <summary>A customer's head was erased from the tables, committed.</summary>
    public void RemoveHead(string key)
    {
        var pair = _pair;
        pair.Growing.Heads.TryRemove(key, out _);
        pair.Written?.Heads.TryRemove(key, out _);
    }

    /// <summary>Starts a new generation; the one before is to be written and then dropped.</summary>
    public IndexGeneration Turn()
    {
        var full = _pair.Growing;
        _pair = new(new IndexGeneration(_room), full);
        return full;
    }

    /// <summary>Forgets the generation that the tables now have.</summary>
    public void DropWritten()
    {
        _room = _pair.Written!.Messages;
        _room.Clear();
        _pair = new(_pair.Growing, null);
    }

    private sealed record Pair(IndexGeneration Growing, IndexGeneration? Written);
}
