using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>The names <c>profile.…</c>.</summary>
internal static class ProfileSchema
{
    public static void Add(ExpressionSchemaBuilder<Facts> schema, PropertyType attribute)
    {
        var (name, type, property) = ($"profile.{attribute.Name}", attribute.Type, attribute.Name);
        var domain = DomainOf(attribute);
        var plain = type is CelType.NullableOf nullable ? nullable.Inner : type;
        _ = plain switch
        {
            _ when plain == CelType.String => schema.Variable<string?>(name, type, Readers.Read(facts => facts.ProfileString(property)), domain),
            _ when plain == CelType.Int => schema.Variable(name, type, Readers.Read(facts => facts.ProfileInt(property)), domain),
            _ when plain == CelType.Double => schema.Variable(name, type, Readers.Read(facts => facts.ProfileDouble(property)), domain),
            _ when plain == CelType.Bool => schema.Variable(name, type, Readers.Read(facts => facts.ProfileBool(property))),
            _ when plain == CelType.Timestamp => schema.Variable(name, type, Readers.Read(facts => facts.ProfileTimestamp(property))),
            _ => schema.Variable(name, type, Readers.Read(facts => facts.ProfileValue(property))),
        };
    }

    public static VariableDomain? DomainOf(PropertyType property) =>
        property.Values.Length > 0 ? VariableDomain.OneOf(property.Values)
        : property.Min is not null || property.Max is not null ? VariableDomain.Between(property.Min, property.Max)
        : null;
}
