using Decisioning.Engine.Strategies;

namespace Decisioning.Grains.Strategies;

/// <summary>
/// Compiled strategies that are not in force: versions that older events and decisions were made with, and strategies that somebody
/// tries out. Each is compiled once while it is held, whoever asks; at most so many are held, and the one asked for longest ago leaves
/// first. Safe for concurrent use.
/// </summary>
internal sealed class StrategyVersions(int max)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Tenant, string Name), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = [];

    /// <summary>Gives a strategy or its errors; null when there is none of this name. What fails is tried again by the next caller.</summary>
    /// <param name="tenant">The owner.</param>
    /// <param name="name">The version, or the hash of what is tried out.</param>
    /// <param name="make">Reads and compiles it; runs outside of the caller's turn.</param>
    /// <param name="cancellationToken">Ends the caller's wait, not the work.</param>
    public Task<StrategyCompilation?> GetAsync(
        string tenant, string name, Func<Task<StrategyCompilation?>> make, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue((tenant, name), out var node) && !node.Value.Made.IsFaulted)
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
                return node.Value.Made.WaitAsync(cancellationToken);
            }

            if (node is not null)
            {
                _byUse.Remove(node);
            }

            var entry = new Entry((tenant, name), Task.Run(make, CancellationToken.None));
            _entries[entry.Key] = _byUse.AddFirst(entry);
            if (_entries.Count > max)
            {
                _entries.Remove(_byUse.Last!.Value.Key);
                _byUse.RemoveLast();
            }

            return entry.Made.WaitAsync(cancellationToken);
        }
    }

    private sealed record Entry((string Tenant, string Name) Key, Task<StrategyCompilation?> Made);
}
