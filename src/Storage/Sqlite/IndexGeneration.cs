using System.Collections.Concurrent;

namespace Decisioning.Storage.Sqlite;

/// <summary>Index entries that are in memory because the tables of the index do not have them yet.</summary>
/// <param name="messages">Where to keep the positions: empty, and perhaps roomy.</param>
internal sealed class IndexGeneration(Dictionary<MessageKey, long> messages)
{
    /// <summary>Heads as committed, by customer key. Written by the writer, read by loads.</summary>
    public ConcurrentDictionary<string, CustomerHead> Heads { get; } = new(concurrencyLevel: 1, capacity: 1024, StringComparer.Ordinal);

    /// <summary>Positions by message. The writer's alone.</summary>
    public Dictionary<MessageKey, long> Messages { get; } = messages;

    /// <summary>The numbers of customers whose entries are not written, as they are being erased. The writer's alone.</summary>
    public HashSet<long> Forgotten { get; } = [];

    /// <summary>How many entries it will take to write it.</summary>
    public int Weight { get; private set; }

    public void Publish(CustomerHead head)
    {
        if (Heads.TryAdd(head.Key, head))
        {
            Weight++;
        }
        else
        {
            Heads[head.Key] = head;
        }
    }

    public void Add(MessageKey key, long position)
    {
        Messages.Add(key, position);
        Weight++;
    }
}
