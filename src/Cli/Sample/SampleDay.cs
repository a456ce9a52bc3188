using System.Globalization;
using System.Text.Json.Nodes;

namespace Decisioning.Cli.Sample;

/// <summary>
/// A made-up day of a made-up shop, a function of its seed: visitors browse, some buy, some call; pages ask for the next
/// best action and some visitors answer it. Nobody in it exists.
/// </summary>
internal sealed class SampleDay(int seed, int customers)
{
    private static readonly DateTimeOffset Morning = new(2026, 1, 15, 7, 0, 0, TimeSpan.Zero);

    private static readonly (string Sku, string Name, string Category, double Price)[] Catalogue =
    [
        ("lamp-01", "Desk lamp", "lighting", 39.90), ("lamp-02", "Floor lamp", "lighting", 129.00), ("lamp-03", "Fairy lights", "lighting", 14.50),
        ("mug-01", "Enamel mug", "kitchen", 12.90), ("pan-01", "Cast iron pan", "kitchen", 59.00), ("knife-01", "Chef's knife", "kitchen", 84.00),
        ("rug-01", "Wool rug", "living", 219.00), ("sofa-01", "Two-seat sofa", "living", 749.00), ("pillow-01", "Linen pillow", "living", 24.90),
        ("tent-01", "Two-man tent", "outdoor", 189.00), ("stove-01", "Camping stove", "outdoor", 69.90), ("bag-01", "Rolltop bag", "outdoor", 95.00),
    ];

    private static readonly string[] Campaigns = ["newsletter", "search", "social", "partner"];
    private static readonly string[] Outcomes = ["IMPRESSION", "CLICKED", "ACCEPTED", "REJECTED", "DISMISSED"];

    private readonly Random _random = new(seed);
    private readonly List<(DateTimeOffset At, JsonObject Line)> _lines = [];
    private int _messages;
    private int _orders;

    /// <summary>The lines, in the order they happen.</summary>
    public IEnumerable<string> Lines()
    {
        for (var i = 0; i < customers; i++)
        {
            Customer($"shopper-{i + 1:000}", i);
        }

        return _lines.OrderBy(line => line.At).Select(line => line.Line.ToJsonString());
    }

    private void Customer(string id, int number)
    {
        var device = _random.Next(3) switch { 0 => "desktop", 1 => "tablet", _ => "mobile" };
        var channel = device == "mobile" && _random.Next(2) == 0 ? "app" : "web";
        var context = new JsonObject
        {
            ["channel"] = channel,
            ["device"] = new JsonObject { ["type"] = device },
            ["campaign"] = new JsonObject { ["source"] = Campaigns[_random.Next(Campaigns.Length)] },
            ["timezone"] = number % 4 == 0 ? "Europe/London" : "Europe/Berlin",
        };
        var at = Morning.AddMinutes(_random.Next(0, 60));
        if (_random.NextDouble() < 0.7)
        {
            Add(at, id, "identify", context, new JsonObject
            {
                ["traits"] = new JsonObject { ["first_name"] = $"Shopper {number + 1}", ["plan"] = _random.Next(3) switch { 0 => "none", 1 => "plus", _ => "premium" } },
            });
        }

        if (_random.NextDouble() < 0.6)
        {
            Consent(at, id, context, _random.NextDouble() < 0.8);
        }

        var visits = 1 + _random.Next(3);
        for (var visit = 0; visit < visits; visit++)
        {
            at = Visit(at.AddMinutes(_random.Next(20, 200)), id, context, channel, keen: _random.NextDouble());
        }

        if (_random.NextDouble() < 0.15)
        {
            Decide(at.AddMinutes(30), id, "agent", "next-offer");
        }
    }

    private DateTimeOffset Visit(DateTimeOffset at, string id, JsonObject context, string channel, double keen)
    {
        Add(at, id, "page", context, new JsonObject { ["name"] = "Home", ["properties"] = new JsonObject { ["path"] = "/" } });
        Decide(at.AddSeconds(1), id, channel, "hero", "banner");
        Respond(at.AddSeconds(20), id, keen);
        var basket = new List<(string Sku, string Name, string Category, double Price)>();
        var category = Catalogue[_random.Next(Catalogue.Length)].Category;
        for (var views = 1 + _random.Next(6); views > 0; views--)
        {
            at = at.AddSeconds(_random.Next(15, 150));
            var choices = Catalogue.Where(p => p.Category == category || _random.Next(6) == 0).ToArray();
            var product = choices[_random.Next(choices.Length)];
            Track(at, id, context, "Product Viewed", Product(product));
            if (_random.NextDouble() < keen * 0.4)
            {
                basket.Add(product);
                Track(at.AddSeconds(8), id, context, "Product Added", Product(product, quantity: 1 + _random.Next(3)));
            }
        }

        if (basket.Count == 0)
        {
            return at;
        }

        Track(at.AddSeconds(20), id, context, "Cart Viewed", new JsonObject { ["cart_id"] = $"cart-{id}" });
        Decide(at.AddSeconds(21), id, channel, "banner");
        if (_random.NextDouble() > 0.3 + (keen * 0.5))
        {
            return at;
        }

        Track(at.AddSeconds(60), id, context, "Checkout Started", new JsonObject { ["value"] = Math.Round(basket.Sum(p => p.Price), 2) });
        if (_random.NextDouble() < 0.75)
        {
            Order(at.AddSeconds(150), id, context, basket);
        }

        return at.AddSeconds(150);
    }

    private void Order(DateTimeOffset at, string id, JsonObject context, List<(string Sku, string Name, string Category, double Price)> basket)
    {
        var lines = basket.Select(p => (Product: p, Quantity: 1 + _random.Next(2))).ToList();
        var order = $"order-{++_orders:00000}";
        var properties = new JsonObject
        {
            ["order_id"] = order,
            ["total"] = Math.Round(lines.Sum(l => l.Quantity * l.Product.Price), 2),
            ["units"] = lines.Sum(l => l.Quantity),
            ["currency"] = "EUR",
            ["country"] = "Germany",
            ["products"] = new JsonArray([.. lines.Select(l => Product(l.Product, l.Quantity))]),
        };
        Track(at, id, context, "Order Completed", properties);
        if (_random.NextDouble() < 0.06)
        {
            Track(at.AddMinutes(40), id, context, "Order Cancelled", new JsonObject
            {
                ["order_id"] = order,
                ["total"] = -properties["total"]!.GetValue<double>(),
                ["units"] = -properties["units"]!.GetValue<int>(),
                ["currency"] = "EUR",
                ["country"] = "Germany",
            });
        }
    }

    private void Consent(DateTimeOffset at, string id, JsonObject context, bool granted) => Track(
        at.AddSeconds(30),
        id,
        context,
        granted ? "Consent Granted" : "Consent Denied",
        new JsonObject { ["purpose"] = "marketing", ["channel"] = _random.Next(2) == 0 ? "email" : "any", ["evidence"] = "signup form" });

    private void Respond(DateTimeOffset at, string id, double keen)
    {
        if (_random.NextDouble() < 0.5)
        {
            var outcome = _random.NextDouble() < keen * 0.4 ? Outcomes[1 + _random.Next(2)] : _random.NextDouble() < 0.1 ? Outcomes[3 + _random.Next(2)] : Outcomes[0];
            _lines.Add((at, new JsonObject { ["type"] = "respond", ["userId"] = id, ["timestamp"] = Text(at), ["outcome"] = outcome }));
        }
    }

    private void Decide(DateTimeOffset at, string id, string channel, params string[] placements) => _lines.Add((at, new JsonObject
    {
        ["type"] = "decide",
        ["userId"] = id,
        ["timestamp"] = Text(at),
        ["channel"] = channel,
        ["placements"] = new JsonArray([.. placements.Select(p => (JsonNode)p)]),
    }));

    private void Track(DateTimeOffset at, string id, JsonObject context, string name, JsonObject properties) =>
        Add(at, id, "track", context, new JsonObject { ["event"] = name, ["properties"] = properties });

    private void Add(DateTimeOffset at, string id, string type, JsonObject context, JsonObject rest)
    {
        var line = new JsonObject { ["type"] = type, ["messageId"] = $"sample-{seed}-{++_messages:00000}", ["userId"] = id, ["timestamp"] = Text(at) };
        foreach (var (name, value) in rest.ToArray())
        {
            rest.Remove(name);
            line[name] = value;
        }

        line["context"] = context.DeepClone();
        _lines.Add((at, line));
    }

    private static JsonObject Product((string Sku, string Name, string Category, double Price) product, int? quantity = null)
    {
        var json = new JsonObject { ["product_id"] = product.Sku, ["sku"] = product.Sku, ["name"] = product.Name, ["category"] = product.Category, ["price"] = product.Price };
        if (quantity is { } number)
        {
            json["quantity"] = number;
        }

        return json;
    }

    private static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
