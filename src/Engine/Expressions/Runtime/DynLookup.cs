namespace Decisioning.Engine.Expressions.Runtime;

/// <summary>Elements of lists and maps: called by generated code.</summary>
internal static class DynLookup
{
    public static Fault At(CelList list, long index, out Dyn item)
    {
        var inside = index >= 0 && index < list.Count;
        item = inside ? list[(int)index] : default;
        return inside ? Fault.None : Fault.IndexOutOfRange;
    }

    public static Fault Of(CelMap map, Dyn key, out Dyn value) => map.TryFind(key, out value) ? Fault.None : Fault.NoSuchKey;

    /// <summary>`target[key]`, or `target.key` when the key is a text.</summary>
    public static Fault Any(Dyn target, Dyn key, out Dyn value)
    {
        value = default;
        switch (target.Kind)
        {
            case DynKind.Map:
                return Of(target.Map, key, out value);
            case DynKind.List:
                return key.Kind switch
                {
                    DynKind.Int => At(target.List, key.Int, out value),
                    DynKind.UInt => At(target.List, key.UInt <= int.MaxValue ? (long)key.UInt : -1, out value),
                    DynKind.Double when Math.Truncate(key.Double) == key.Double && Math.Abs(key.Double) <= int.MaxValue => At(target.List, (long)key.Double, out value),
                    DynKind.Null => Fault.Missing,
                    _ => Fault.WrongType,
                };
            default:
                return target.Kind == DynKind.Null ? Fault.Missing : Fault.WrongType;
        }
    }

    public static bool HasKey(CelMap map, Dyn key) => map.TryFind(key, out _);

    /// <summary>`has(target.key)`.</summary>
    public static Fault Has(Dyn target, Dyn key, out bool present)
    {
        present = target.Kind == DynKind.Map && target.Map.TryFind(key, out _);
        return target.Kind switch
        {
            DynKind.Map => Fault.None,
            DynKind.Null => Fault.Missing,
            _ => Fault.WrongType,
        };
    }

    /// <summary>`item in range`.</summary>
    public static Fault In(Dyn item, Dyn range, out bool contained)
    {
        contained = range.Kind switch
        {
            DynKind.List => DynEquality.Contains(range.List, item),
            DynKind.Map => range.Map.TryFind(item, out _),
            _ => false,
        };
        return range.Kind switch
        {
            DynKind.List or DynKind.Map => Fault.None,
            DynKind.Null => Fault.Missing,
            _ => Fault.WrongType,
        };
    }

    /// <summary>What a macro walks over: the items of a list, the keys of a map.</summary>
    public static Fault Range(Dyn range, out CelList items)
    {
        items = range.Kind switch
        {
            DynKind.List => range.List,
            DynKind.Map => KeysOf(range.Map),
            _ => CelList.Of(Array.Empty<Dyn>()),
        };
        return range.Kind switch
        {
            DynKind.List or DynKind.Map => Fault.None,
            DynKind.Null => Fault.Missing,
            _ => Fault.WrongType,
        };
    }

    /// <summary>What a macro of two variables sees at one step: index and item of a list, key and value of a map.</summary>
    /// <param name="range">What it walks over.</param>
    /// <param name="items">Its items or keys.</param>
    /// <param name="at">The step.</param>
    /// <param name="first">The index or the key.</param>
    /// <returns>The item or the value.</returns>
    public static Dyn Pair(Dyn range, CelList items, int at, out Dyn first)
    {
        if (range.Kind == DynKind.List)
        {
            first = Dyn.Of((long)at);
            return items[at];
        }

        first = items[at];
        _ = range.Map.TryFind(first, out var value);
        return value;
    }

    public static CelList KeysOf(CelMap map)
    {
        var keys = new Dyn[map.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = map.KeyAt(i);
        }

        return CelList.Of(keys);
    }
}
