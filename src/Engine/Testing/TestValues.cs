using System.Collections.Immutable;
using System.Globalization;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Testing;

/// <summary>Reads what events and attributes carry. Types come from the strategy's declarations, else from how a value is written.</summary>
internal static class TestValues
{
    /// <summary>The values of a mapping by name; those of broken values are left out.</summary>
    public static PropertyMap Map(IEnumerable<WrittenEntry> entries, ImmutableArray<PropertyType> declared, TestTime time) => PropertyMap.From(entries
        .Select(entry => KeyValuePair.Create(entry.Name, Of(entry.Value, declared.FirstOrDefault(property => property.Name == entry.Name), time))));

    /// <summary>A value as written.</summary>
    /// <param name="node">What is written.</param>
    /// <param name="declared">What the strategy says of it; null for nothing.</param>
    /// <param name="time">For times such as <c>+20d</c>, which count from the step's own.</param>
    public static Value Of(WrittenNode node, PropertyType? declared, TestTime time) => node switch
    {
        WrittenNode.Mapping mapping => Value.Of(Map(mapping.Entries, [], time)),
        WrittenNode.Sequence list => Value.Of([.. list.Items.Select(item => Of(item, null, time))]),
        WrittenNode.Scalar scalar => Scalar(scalar, declared, time),
        _ => Value.Null,
    };

    private static Value Scalar(WrittenNode.Scalar scalar, PropertyType? declared, TestTime time)
    {
        var text = scalar.Text;
        var type = declared?.Type is CelType.NullableOf nullable ? nullable.Inner : declared?.Type;
        if (!scalar.IsPlain || (type == CelType.String && text is not ("" or "null" or "~")))
        {
            return Value.Of(text);
        }

        // What has no offset is local in a test, while an event's own texts are in UTC.
        if (type == CelType.Timestamp && time.Instant(text) is { } instant)
        {
            return declared!.IsDate
                ? Value.Of(text is ['+' or '-', ..] ? TestTime.Print(instant, time.Zone)[..10] : text)
                : Value.Of(instant);
        }

        return text switch
        {
            "" or "null" or "~" => Value.Null,
            "true" => Value.Of(true),
            "false" => Value.Of(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => Value.Of(whole),
            _ when Literals.TryNumber(text, out var number) => Value.Of(number),
            _ => Value.Of(text),
        };
    }
}
