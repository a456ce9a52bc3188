using Decisioning.Engine.Values;

namespace Decisioning.Engine.Expressions.Runtime;

/// <summary>A map: either the properties of a <see cref="Value"/>, taken as they are, or entries that an expression built.</summary>
internal readonly struct CelMap(object entries)
{
    /// <summary>A <see cref="PropertyMap"/> or a <see cref="DynMap"/>.</summary>
    public object Entries { get; } = entries;

    public int Count => Entries is DynMap built ? built.Count : ((PropertyMap)Entries).Count;

    public Dyn KeyAt(int index) => Entries is DynMap built ? built.KeyAt(index) : Dyn.Of(((PropertyMap)Entries).Entries[index].Key);

    public static CelMap Of(PropertyMap? map) => new(map ?? PropertyMap.Empty);

    public bool TryFind(Dyn key, out Dyn value)
    {
        if (Entries is DynMap built)
        {
            return built.TryFind(key, out value);
        }

        if (key.Kind == DynKind.String && ((PropertyMap)Entries).TryGet(key.String, out var found))
        {
            value = Dyn.Of(found);
            return true;
        }

        value = default;
        return false;
    }

    public PropertyMap ToProperties()
    {
        if (Entries is PropertyMap properties)
        {
            return properties;
        }

        var map = this;
        return PropertyMap.From(Enumerable.Range(0, Count).Select(i =>
        {
            var key = map.KeyAt(i);
            _ = map.TryFind(key, out var value);
            return KeyValuePair.Create(key.Kind == DynKind.String ? key.String : DynText.Literal(key), value.ToValue());
        }));
    }
}

/// <summary>Entries in the order they were added; numbers that are equal are one key, whatever their type.</summary>
internal sealed class DynMap
{
    private readonly Dictionary<Dyn, Dyn> _byKey = new(DynEquality.Keys);
    private readonly List<Dyn> _keys = [];

    public int Count => _keys.Count;

    public Dyn KeyAt(int index) => _keys[index];

    public bool TryFind(Dyn key, out Dyn value) => _byKey.TryGetValue(key, out value);

    public Fault Add(Dyn key, Dyn value)
    {
        if (key.Kind is not (DynKind.String or DynKind.Int or DynKind.UInt or DynKind.Bool))
        {
            return Fault.BadKey;
        }

        if (!_byKey.TryAdd(key, value))
        {
            return Fault.DuplicateKey;
        }

        _keys.Add(key);
        return Fault.None;
    }
}
