using System.Collections.Concurrent;
using System.Collections.Frozen;
using Google.Protobuf.Reflection;

namespace Decisioning.Gateway.Http.Json;

/// <summary>The fields of the API's messages by what they may be called in JSON: as the proto files have them, or in lowerCamelCase.</summary>
internal static class MessageFields
{
    // As many entries as there are messages in requests.
    private static readonly ConcurrentDictionary<MessageDescriptor, FrozenDictionary<string, FieldDescriptor>> Known = new();

    public static FieldDescriptor? Find(MessageDescriptor message, string name) => Known.GetOrAdd(message, Named).GetValueOrDefault(name);

    /// <summary>The value of an enum by its name, whole or without what all begin with, in any case: <c>CLICKED</c> is <c>OUTCOME_CLICKED</c>.</summary>
    public static EnumValueDescriptor? Find(EnumDescriptor type, string name)
    {
        var prefix = Prefix(type);
        return type.Values.FirstOrDefault(value =>
            name.Equals(value.Name, StringComparison.OrdinalIgnoreCase)
            || (value.Name.StartsWith(prefix, StringComparison.Ordinal) && name.AsSpan().Equals(value.Name.AsSpan(prefix.Length), StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>The names of an enum's values without what all begin with; what is never sent is left out.</summary>
    public static IEnumerable<string> Names(EnumDescriptor type) => type.Values.Where(value => value.Number != 0).Select(value => value.Name[Prefix(type).Length..]);

    // Every enum has a value 0, and it ends so.
    private static string Prefix(EnumDescriptor type)
    {
        var zero = type.FindValueByNumber(0).Name;
        return zero.EndsWith("UNSPECIFIED", StringComparison.Ordinal) ? zero[..^"UNSPECIFIED".Length] : "";
    }

    private static FrozenDictionary<string, FieldDescriptor> Named(MessageDescriptor message) =>
        message.Fields.InDeclarationOrder()
            .SelectMany(field => new[] { field.Name, field.JsonName }.Distinct(StringComparer.Ordinal), (field, name) => (field, name))
            .ToFrozenDictionary(row => row.name, row => row.field, StringComparer.Ordinal);
}
