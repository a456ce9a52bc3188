using Decisioning.Engine.Strategies;

namespace Decisioning.Grains.Strategies;

/// <summary>The strategy of one tenant in this silo: one reference, swapped whole.</summary>
public sealed class StrategyHolder(string tenant)
{
    private readonly Lock _swapping = new();
    private volatile Strategy? _current;

    /// <summary>The owner.</summary>
    public string Tenant { get; } = tenant;

    /// <summary>The strategy in force; null before the first one is published. Whoever works through one request reads it once.</summary>
    public Strategy? Current => _current;

    /// <summary>Puts a newer version in force.</summary>
    /// <returns>False when this or a newer one is in force already.</returns>
    public bool TrySwap(Strategy next)
    {
        lock (_swapping)
        {
            if (_current is { } current && current.Version >= next.Version)
            {
                return false;
            }

            _current = next;
            return true;
        }
    }
}
