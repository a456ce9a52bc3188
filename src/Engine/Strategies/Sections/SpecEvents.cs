using System.Collections.Frozen;
using System.Collections.Immutable;
using Decisioning.Engine.Expressions;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>
/// The events of the Segment specification (e-commerce, version 2) that ready-made features look at, with the properties these use. A
/// strategy need not declare them for that; what it declares itself goes before.
/// </summary>
internal static class SpecEvents
{
    private static readonly ImmutableArray<PropertyType> Product =
    [
        Text("product_id"), Text("sku"), Text("category"), Text("brand"), Text("variant"), Text("coupon"), Text("currency"), Number("price"), Whole("quantity"), Whole("position"), Number("value"),
    ];

    private static readonly ImmutableArray<PropertyType> Order =
    [
        Text("order_id"), Text("checkout_id"), Text("affiliation"), Text("coupon"), Text("currency"), Number("total"), Number("revenue"), Number("subtotal"), Number("shipping"),
        Number("tax"), Number("discount"), Number("value"), new PropertyType("products", CelType.Nullable(CelType.List(CelType.Dyn)), [], null, null, false),
    ];

    private static readonly ImmutableArray<EventDefinition> All =
    [
        new("Product Viewed", Product), new("Product Added", Product), new("Product Removed", Product), new("Product Added to Wishlist", Product),
        new("Products Searched", [Text("query")]), new("Product List Viewed", [Text("list_id"), Text("category")]),
        new("Checkout Started", Order), new("Order Completed", Order), new("Order Refunded", Order), new("Order Cancelled", Order),
    ];

    /// <summary>The events a strategy knows, and these.</summary>
    public static FrozenDictionary<string, EventDefinition> With(FrozenDictionary<string, EventDefinition> declared)
    {
        var events = declared.ToDictionary(StringComparer.Ordinal);
        foreach (var (name, properties) in All)
        {
            var own = declared.TryGetValue(name, out var known) ? known.Properties : [];
            events[name] = new(name, [.. own, .. properties.Where(property => !own.Any(mine => mine.Name == property.Name))]);
        }

        return events.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static PropertyType Text(string name) => new(name, CelType.Nullable(CelType.String), [], null, null, false);

    private static PropertyType Number(string name) => new(name, CelType.Nullable(CelType.Double), [], null, null, false);

    private static PropertyType Whole(string name) => new(name, CelType.Nullable(CelType.Int), [], null, null, false);
}
