using System.Globalization;
using System.Text.Json.Nodes;

namespace Decisioning.Benchmarks;

/// <summary>Conditions as authors write them, each in CEL and as a rule of json-rules-engine, and customers to ask them of.</summary>
internal sealed class RandomConditions(int seed)
{
    private static readonly string[] Words = ["bronze", "silver", "gold", "platinum", "web", "app", "phone"];

    private static readonly (string Symbol, string Word)[] Comparisons = [("<", "lessThan"), ("<=", "lessThanInclusive"), (">", "greaterThan"), (">=", "greaterThanInclusive")];

    private readonly Random _random = new(seed);

    /// <summary>A condition in both forms.</summary>
    public sealed record Written(string Cel, JsonObject Rule);

    /// <summary>What customers have: whole numbers begin with <c>count</c>.</summary>
    public static IReadOnlyList<(string Name, string Type)> Attributes { get; } =
    [
        .. Enumerable.Range(1, 8).Select(i => ($"count_{i}", "int")), .. Enumerable.Range(1, 5).Select(i => ($"amount_{i}", "double")),
        .. Enumerable.Range(1, 4).Select(i => ($"word_{i}", "string")), .. Enumerable.Range(1, 3).Select(i => ($"flag_{i}", "bool")),
    ];

    public JsonObject Row() => new(Attributes.Select(attribute => KeyValuePair.Create<string, JsonNode?>(attribute.Name, attribute.Type switch
    {
        "int" => _random.Next(100),
        "double" => Math.Round(_random.NextDouble() * 1_000, 2),
        "string" => Words[_random.Next(Words.Length)],
        _ => _random.Next(2) == 0,
    })));

    /// <summary>Two to four tests joined, now and then with one of the other join among them.</summary>
    public Written Condition()
    {
        var isAll = _random.Next(3) > 0;
        var parts = Enumerable.Range(0, _random.Next(2, 5)).Select(_ => Test()).ToList();
        if (_random.Next(3) == 0)
        {
            parts.Add(Joined(!isAll, [Test(), Test()], "({0})"));
        }

        return Joined(isAll, parts, "{0}");
    }

    private static Written Joined(bool isAll, List<Written> parts, string form) => new(
        string.Format(CultureInfo.InvariantCulture, form, string.Join(isAll ? " && " : " || ", parts.Select(part => part.Cel))),
        new JsonObject { [isAll ? "all" : "any"] = new JsonArray([.. parts.Select(part => part.Rule)]) });

    private Written Test()
    {
        var (name, type) = Attributes[_random.Next(Attributes.Count)];
        switch (type)
        {
            case "int" or "double":
                var (symbol, word) = Comparisons[_random.Next(Comparisons.Length)];
                var number = type == "int" ? JsonValue.Create(_random.Next(100)) : JsonValue.Create(_random.Next(999) + 0.5);
                return new($"profile.{name} {symbol} {number.ToJsonString()}", Leaf(name, word, number));
            case "string" when _random.Next(2) == 0:
                var items = Words.OrderBy(_ => _random.Next()).Take(_random.Next(2, 5)).ToList();
                return new($"profile.{name} in [{string.Join(", ", items.Select(item => $"\"{item}\""))}]", Leaf(name, "in", new JsonArray([.. items.Select(item => JsonValue.Create(item))])));
            case "string":
                var (isEqual, value) = (_random.Next(2) == 0, Words[_random.Next(Words.Length)]);
                return new($"profile.{name} {(isEqual ? "==" : "!=")} \"{value}\"", Leaf(name, isEqual ? "equal" : "notEqual", value));
            default:
                var wanted = _random.Next(2) == 0;
                return new($"{(wanted ? "" : "!")}profile.{name}", Leaf(name, "equal", wanted));
        }
    }

    private static JsonObject Leaf(string fact, string @operator, JsonNode value) => new() { ["fact"] = fact, ["operator"] = @operator, ["value"] = value };
}
