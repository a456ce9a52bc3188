using System.Collections.Frozen;
using System.Collections.Immutable;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Decisions;

// Features read as something else than the cells say, to find what would be decided then. Everything else that can be supposed is
// supposed in the state itself.
public sealed partial class Facts
{
    private FrozenDictionary<int, Value>? _supposed;

    /// <summary>From the next look on, reads some features as these values; null for none.</summary>
    internal void Suppose(FrozenDictionary<int, Value>? features)
    {
        _supposed = features;
        _counted++;
    }

    private bool IsSupposed(int slot, out Value value)
    {
        value = Value.Null;
        return _supposed is not null && _supposed.TryGetValue(slot, out value);
    }
}
