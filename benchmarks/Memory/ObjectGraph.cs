using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Decisioning.Benchmarks.Memory;

/// <summary>
/// What objects weigh: walks from object to object by their fields and adds up the sizes that the runtime gives them. An object counts
/// once, for whoever is walked first.
/// </summary>
internal sealed class ObjectGraph
{
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Type, FieldInfo[]> _fields = [];

    /// <summary>Walks from an object to all that was not walked to before.</summary>
    /// <param name="from">Where the walk begins.</param>
    /// <param name="visit">Told each object and its size in bytes.</param>
    public void Walk(object from, Action<object, long> visit)
    {
        var next = new Stack<object>();
        Push(next, from);
        while (next.TryPop(out var found))
        {
            visit(found, SizeOf(found));
            AddParts(found, next);
        }
    }

    /// <summary>The bytes an object takes by itself: as its type says, in whole words.</summary>
    public static long SizeOf(object thing)
    {
        // The runtime's description of a type begins with the size of an element and, in the next word, of the rest.
        var description = thing.GetType().TypeHandle.Value;
        var (elementBytes, baseBytes) = ((ushort)Marshal.ReadInt16(description), (uint)Marshal.ReadInt32(description, 4));
        var length = thing switch { string text => text.Length, Array array => array.LongLength, _ => 0 };
        return (baseBytes + (elementBytes * length) + 7) & ~7L;
    }

    private void AddParts(object found, Stack<object> next)
    {
        switch (found)
        {
            case string or Pointer:
                break;
            case Array array when array.GetType().GetElementType() is { } element:
                if (element.IsPrimitive || element.IsPointer || (element.IsValueType && FieldsOf(element).Length == 0))
                {
                    break;
                }

                foreach (var item in array)
                {
                    PushValue(next, item, element);
                }

                break;
            default:
                foreach (var field in FieldsOf(found.GetType()))
                {
                    PushValue(next, field.GetValue(found), field.FieldType);
                }

                break;
        }
    }

    private void PushValue(Stack<object> next, object? value, Type type)
    {
        if (value is null)
        {
            return;
        }

        if (!type.IsValueType)
        {
            Push(next, value);
            return;
        }

        // A value lies in whoever holds it: only what it refers to is an object.
        foreach (var field in FieldsOf(value.GetType()))
        {
            PushValue(next, field.GetValue(value), field.FieldType);
        }
    }

    private void Push(Stack<object> next, object thing)
    {
        // The runtime's own, which all share.
        if (thing is not (MemberInfo or Module or Assembly or Thread) && _seen.Add(thing))
        {
            next.Push(thing);
        }
    }

    private FieldInfo[] FieldsOf(Type type)
    {
        if (_fields.TryGetValue(type, out var known))
        {
            return known;
        }

        _fields[type] = [];
        List<FieldInfo> fields = [];
        for (var at = type; at is not null; at = at.BaseType)
        {
            fields.AddRange(at.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Where(MayRefer));
        }

        return _fields[type] = [.. fields];
    }

    private bool MayRefer(FieldInfo field) => field.FieldType is var type && !type.IsPrimitive && !type.IsPointer && !type.IsEnum && !type.IsByRefLike && !type.IsFunctionPointer
        && (!type.IsValueType || type.IsGenericParameter || FieldsOf(type).Length > 0);
}
