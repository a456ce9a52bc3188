using Decisioning.Engine.Values;

namespace Decisioning.Engine.Customers;

/// <summary>What of traits and context stays in a customer's state. The log keeps everything; memory keeps what is small.</summary>
internal static class Remembered
{
    /// <summary>Whether a value is small enough to be remembered: its texts and names together.</summary>
    public static bool IsSmall(Value value, int charsMax) => Weigh(value, charsMax) <= charsMax;

    /// <summary>A context laid over another, name by name.</summary>
    public static PropertyMap Lay(PropertyMap under, PropertyMap over)
    {
        if (over.Count == 0)
        {
            return under;
        }

        foreach (var (name, value) in over.Entries)
        {
            if (!under.TryGet(name, out var known) || known != value)
            {
                return under.Merge(over);
            }
        }

        return under;
    }

    /// <summary>The newest context known after an event's.</summary>
    /// <param name="known">What is known.</param>
    /// <param name="seen">The event's.</param>
    /// <param name="isNewest">Whether the event is the newest; the context of an older one only fills in what is not known.</param>
    public static PropertyMap Context(PropertyMap known, PropertyMap seen, bool isNewest)
    {
        var next = known;
        foreach (var (name, value) in seen.Entries)
        {
            var isKnown = next.TryGet(name, out var before);
            if (isKnown ? isNewest && before != value : next.Count < Limits.ContextNamesMax)
            {
                next = IsSmall(value, Limits.ContextValueCharsMax) ? next.With(name, value) : next.Without(name);
            }
        }

        return next;
    }

    // Counts no further than past the limit.
    private static int Weigh(Value value, int limit)
    {
        switch (value.Kind)
        {
            case ValueKind.String:
                return value.AsString().Length;
            case ValueKind.Bytes:
                return value.AsBytes().Length;
            case ValueKind.List:
                var items = 0;
                foreach (var item in value.AsList())
                {
                    items += 8 + Weigh(item, limit);
                    if (items > limit)
                    {
                        break;
                    }
                }

                return items;
            case ValueKind.Map:
                var entries = 0;
                foreach (var (name, inner) in value.AsMap().Entries)
                {
                    entries += 8 + name.Length + Weigh(inner, limit);
                    if (entries > limit)
                    {
                        break;
                    }
                }

                return entries;
            default:
                return 8;
        }
    }
}
