using System.Collections.Frozen;
using System.Collections.Immutable;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>Features that come by naming them, each with the words it stands for: over the events and properties of the Segment specification.</summary>
internal static class ReadyFeatures
{
    /// <summary>By name, as an author would write them; the manual lists them so.</summary>
    public static ImmutableArray<(string Name, string Words)> All { get; } =
    [
        // Shops.
        ("orders", "{ count: Order Completed }"),
        ("spend", "{ sum: event.total, of: Order Completed }"),
        ("revenue", "{ sum: event.revenue, of: Order Completed }"),
        ("average_basket", "{ avg: event.total, of: Order Completed }"),
        ("largest_basket", "{ max: event.total, of: Order Completed }"),
        ("items", "{ sum: 'sum_of(event.products, \"quantity\", 1.0)', of: Order Completed }"),
        ("first_order", "{ first: Order Completed }"),
        ("last_order", "{ last: Order Completed }"),
        ("days_since_last_order", "{ recency: Order Completed, in: days }"),
        ("returning", "{ sequence: [Order Completed, Order Completed], within: 730d }"),
        ("refunds", "{ count: Order Refunded }"),
        ("product_views", "{ count: Product Viewed }"),
        ("products_viewed", "{ distinct: event.product_id, of: Product Viewed }"),
        ("last_product", "{ last: event.product_id, of: Product Viewed }"),
        ("favourite_category", "{ top: event.category, of: Product Viewed }"),
        ("favourite_brand", "{ top: event.brand, of: Product Viewed }"),
        ("searches", "{ count: Products Searched }"),
        ("last_search", "{ last: event.query, of: Products Searched }"),
        ("wishes", "{ count: Product Added to Wishlist }"),
        ("cart_abandoned", "{ sequence: [Product Added], without: Order Completed, within: 1h }"),
        ("checkout_abandoned", "{ sequence: [Checkout Started], without: Order Completed, within: 1h }"),

        // Recency, frequency, monetary value.
        ("recency", "{ recency: Order Completed }"),
        ("frequency", "{ count: Order Completed, within: 365d }"),
        ("monetary", "{ sum: event.total, of: Order Completed, within: 365d }"),

        // The web and apps.
        ("sessions", "{ sessions: [Page Viewed, Screen Viewed], gap: 30m }"),
        ("pages", "{ count: Page Viewed }"),
        ("screens", "{ count: Screen Viewed }"),
        ("landing_page", "{ first: event.path, of: Page Viewed }"),
        ("last_page", "{ last: event.path, of: Page Viewed }"),
        ("referrer", "{ last: event.referrer, of: Page Viewed }"),
        ("first_referrer", "{ first: event.referrer, of: Page Viewed }"),
        ("campaign_source", "{ last: context.campaign.source, of: any }"),
        ("campaign_medium", "{ last: context.campaign.medium, of: any }"),
        ("campaign_name", "{ last: context.campaign.name, of: any }"),
        ("first_campaign_source", "{ first: context.campaign.source, of: any }"),
        ("first_campaign_medium", "{ first: context.campaign.medium, of: any }"),
        ("first_campaign_name", "{ first: context.campaign.name, of: any }"),
        ("device", "{ last: device.type, of: any }"),
        ("favourite_device", "{ top: device.type, of: any }"),
        ("best_hour", "{ top: event.hour, of: [Page Viewed, Screen Viewed] }"),
        ("first_seen", "{ first: any }"),
        ("last_seen", "{ last: any }"),
    ];

    private static readonly FrozenDictionary<string, (string Words, WrittenNode.Mapping Node)> ByName = All.ToFrozenDictionary(
        ready => ready.Name, ready => (ready.Words, (WrittenNode.Mapping)YamlReader.Read(new SourceText(ready.Name, ready.Words), new Mistakes())!), StringComparer.Ordinal);

    /// <summary>What an author may say beside <c>use</c>.</summary>
    private static readonly ImmutableArray<string> Beside = ["within", "where", "for", "gap", "in", "bands"];

    /// <summary>Reads what a name stands for, with what the author says beside it, into a feature.</summary>
    /// <param name="fields">What is written: <c>use</c> and more.</param>
    /// <param name="written">The same as a node.</param>
    /// <param name="read">Reads a feature that is written out.</param>
    public static T? Read<T>(Fields fields, WrittenNode.Mapping written, Func<WrittenNode, Mistakes, T?> read)
        where T : class
    {
        var mistakes = fields.Mistakes;
        if (fields.Text("use") is not { } name)
        {
            return null;
        }

        if (!ByName.TryGetValue(name, out var ready))
        {
            mistakes.Add(FindingRules.UnknownName, fields["use"]!.Place, fields.PathOf("use"), $"unknown feature `{Checking.Shape.Short(name)}`{Cures.For(name, ByName.Keys.Order(StringComparer.Ordinal), "; the manual lists those there are")}");
            return null;
        }

        if (written.Entries.FirstOrDefault(entry => entry.Name != "use" && !Beside.Contains(entry.Name)) is { Key: { } stranger })
        {
            mistakes.Add(stranger.Place, fields.PathOf(stranger.Text), $"`use: {name}` says it already: `{ready.Words}`; leave `{stranger.Text}` out, or write the feature out");
            return null;
        }

        var beside = written.Entries.Where(entry => entry.Name != "use").ToImmutableArray();
        var whole = new WrittenNode.Mapping(written.Place, [.. ready.Node.Entries.Where(entry => !beside.Any(own => own.Name == entry.Name)), .. beside], written.IsFlow);
        var found = new Mistakes();
        var feature = read(whole, found);
        foreach (var finding in found.Errors([]).Concat(found.Warnings([])))
        {
            var rule = FindingRules.All.First(rule => rule.Id == finding.Rule);
            var isOwn = finding.File != name;
            mistakes.Add(rule, isOwn ? new Place(finding.File, finding.Line, finding.Column) : fields["use"]!.Place, finding.Path, isOwn ? finding.Message : $"`use: {name}` stands for `{ready.Words}`: {finding.Message}");
        }

        return found.Any ? null : feature;
    }
}
