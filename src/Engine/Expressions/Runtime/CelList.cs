using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Expressions.Runtime;

/// <summary>A list: either the items of a <see cref="Value"/>, taken as they are, or items that an expression built.</summary>
internal readonly struct CelList(Array items)
{
    /// <summary>A <c>Value[]</c> or a <c>Dyn[]</c>; never changed.</summary>
    public Array Items { get; } = items;

    public int Count => Items.Length;

    public Dyn this[int index] => Items is Dyn[] built ? built[index] : Dyn.Of(((Value[])Items)[index]);

    public static CelList Of(ImmutableArray<Value> items) => new(items.IsDefault ? [] : ImmutableCollectionsMarshal.AsArray(items)!);

    public static CelList Of(Dyn[] items) => new(items);

    public static CelList Of(List<Dyn> items) => new(items.ToArray());

    public ImmutableArray<Value> ToValues()
    {
        if (Items is Value[] values)
        {
            return ImmutableCollectionsMarshal.AsImmutableArray(values);
        }

        return ImmutableArray.Create(Array.ConvertAll((Dyn[])Items, item => item.ToValue()));
    }
}
