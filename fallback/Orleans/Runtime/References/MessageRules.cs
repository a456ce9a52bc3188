using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>
/// Which types may cross a grain call. Nothing is serialized or copied here, so this is stricter than the real packages:
/// a message must be serializable there, and immutable, so that sharing it cannot be told from copying it.
/// </summary>
internal static class MessageRules
{
    private static readonly FrozenSet<Type> Plain = new[]
    {
        typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(Int128), typeof(UInt128), typeof(Half), typeof(float), typeof(double), typeof(decimal), typeof(char), typeof(string), typeof(object),
        typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(Uri), typeof(Version),
        typeof(byte[]), typeof(GrainId), typeof(GrainType), typeof(IdSpan),
    }.ToFrozenSet();

    private static readonly FrozenSet<Type> Containers = new[]
    {
        typeof(Nullable<>), typeof(KeyValuePair<,>), typeof(ReadOnlyMemory<>), typeof(ImmutableArray<>), typeof(ImmutableList<>),
        typeof(ImmutableHashSet<>), typeof(ImmutableSortedSet<>), typeof(ImmutableDictionary<,>), typeof(ImmutableSortedDictionary<,>),
        typeof(ImmutableQueue<>), typeof(ImmutableStack<>),
    }.ToFrozenSet();

    private static readonly ConcurrentDictionary<Type, string?> Faults = new();

    /// <exception cref="CodecNotFoundException">The type, or a member inside it, cannot cross a grain call.</exception>
    public static void Check(Type type, string place)
    {
        if (Faults.GetOrAdd(type, static each => Find(each, [])) is { } fault)
        {
            throw new CodecNotFoundException($"Could not find a codec for type {type}, {place}: {fault}");
        }
    }

    private static string? Find(Type type, HashSet<Type> seen)
    {
        if (!seen.Add(type) || Plain.Contains(type) || type.IsEnum || typeof(IAddressable).IsAssignableFrom(type) || typeof(Exception).IsAssignableFrom(type))
        {
            return null;
        }

        if (type.IsGenericType && (Containers.Contains(type.GetGenericTypeDefinition()) || typeof(ITuple).IsAssignableFrom(type)))
        {
            return type.GetGenericArguments().Select(argument => Find(argument, seen)).FirstOrDefault(fault => fault is not null);
        }

        if (type.IsArray || (type.IsGenericType && type.Namespace is "System.Collections.Generic" or "System.Collections.Concurrent"))
        {
            return $"`{Name(type)}` can be changed by its receiver; use ImmutableArray or another immutable collection";
        }

        return type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false)
            ? FindInMessage(type, seen)
            : $"`{Name(type)}` is not a message; add [GenerateSerializer, Immutable, Alias(\"…\")] and [Id(n)] on its members";
    }

    private static string? FindInMessage(Type type, HashSet<Type> seen)
    {
        if (!type.IsDefined(typeof(AliasAttribute), inherit: false))
        {
            return $"`{Name(type)}` has no [Alias(\"…\")]";
        }

        if (!type.IsDefined(typeof(ImmutableAttribute), inherit: false))
        {
            return $"`{Name(type)}` has no [Immutable]; messages are shared, not copied";
        }

        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && Find(parent, seen) is { } inherited)
        {
            return inherited;
        }

        var ids = new HashSet<uint>();
        foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        {
            if (FindInField(type, field, ids, seen) is { } fault)
            {
                return fault;
            }
        }

        return type.IsAbstract ? Cases(type).Select(each => Find(each, seen)).FirstOrDefault(fault => fault is not null) : null;
    }

    private static string? FindInField(Type type, FieldInfo field, HashSet<uint> ids, HashSet<Type> seen)
    {
        if (field.IsDefined(typeof(NonSerializedAttribute), inherit: false))
        {
            return null;
        }

        var (member, name) = Member(type, field);
        if (member.GetCustomAttribute<IdAttribute>() is not { } id)
        {
            return $"`{Name(type)}.{name}` has no [Id(n)]; number it, or mark its field [NonSerialized]";
        }

        return !ids.Add(id.Id)
            ? $"`{Name(type)}.{name}` has number {id.Id}, which another member has too"
            : Find(field.FieldType, seen);
    }

    /// <summary>The member an author wrote: the property, where the field only stands behind one.</summary>
    private static (MemberInfo Member, string Name) Member(Type type, FieldInfo field)
    {
        var end = field.Name.IndexOf(">k__BackingField", StringComparison.Ordinal);
        if (end < 0)
        {
            return (field, field.Name);
        }

        var property = type.GetProperty(
            field.Name[1..end], BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
        return property is null ? (field, field.Name) : (property, property.Name);
    }

    private static IEnumerable<Type> Cases(Type type) => type.Assembly.GetTypes().Where(each => each.BaseType == type);

    private static string Name(Type type) => type.FullName ?? type.Name;
}
