using System.Collections.Immutable;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;

namespace Decisioning.Engine.Tests.Expressions;

/// <summary>Random syntax trees: any that parse, and those that are well typed.</summary>
internal sealed class RandomExpressions(int seed)
{
    private static readonly Span Nowhere = new(0, 0);

    private static readonly Operator[] Binaries = [.. Enum.GetValues<Operator>().Where(op => op.Precedence() < 6)];

    private readonly Random _random = new(seed);

    public Node Any(int depth) => depth == 0
        ? Leaf()
        : _random.Next(12) switch
        {
            0 => Leaf(),
            1 => new Select(Any(depth - 1), Pick("a", "b_c", "in", "odd name", "if"), Nowhere, Nowhere),
            2 => new IndexOf(Any(depth - 1), Any(depth - 1), Nowhere),
            3 => new CallOf(null, Pick("size", "has", "f"), Nowhere, Many(depth), Nowhere),
            4 => new CallOf(Any(depth - 1), Pick("map", "startsWith", "g"), Nowhere, Many(depth), Nowhere),
            5 => new Unary(Pick(Operator.Not, Operator.Negate), Any(depth - 1), Nowhere),
            6 => new Conditional(Any(depth - 1), Any(depth - 1), Any(depth - 1), Nowhere),
            7 => new ListLiteral(Many(depth), Nowhere),
            8 => new MapLiteral([.. Many(depth).Select(key => (key, Any(depth - 1)))], Nowhere),
            _ => new Binary(Pick(Binaries), Any(depth - 1), Any(depth - 1), Nowhere, Nowhere),
        };

    /// <summary>An expression of a type, over the schema of <see cref="Visitor"/>; some of them fail when they run.</summary>
    public string Typed(string type, int depth)
    {
        if (depth == 0 || _random.Next(6) == 0)
        {
            return type switch
            {
                "bool" => Pick("true", "false", "features.dropped_booking", "profile.vip", "('hot' in profile.tags)"),
                "int" => Pick("0", "1", "-7", "9223372036854775807", "features.visits_1y", "now.hour", "profile.nps", "size(profile.tags)"),
                "uint" => Pick("0u", "3u", "features.points"),
                "double" => Pick("0.0", "-1.5", "1e300", "features.spend_1y", "profile.weight"),
                "string" => Pick("''", "'mobile'", "'é\U0001F600'", "device.type", "profile.labels.color", "profile.labels.none"),
                "timestamp" => Pick("now", "features.last_visit", "timestamp('2026-11-02T00:00:00Z')"),
                "duration" => Pick("duration('90m')", "features.session", "duration('-3d')"),
                _ => Pick("profile.numbers", "[1, 2]", "[]"),
            };
        }

        string Of(string one) => Typed(one, depth - 1);
        return type switch
        {
            "bool" => _random.Next(10) switch
            {
                0 => $"({Of("bool")} && {Of("bool")})",
                1 => $"({Of("bool")} || {Of("bool")})",
                2 => $"!{Of("bool")}",
                3 when Pick("int", "uint", "double", "string", "timestamp", "duration") is var t => $"({Of(t)} {Pick("<", "<=", ">", ">=", "==", "!=")} {Of(t)})",
                4 => $"({Of("int")} {Pick("<", ">=", "==")} {Of(Pick("double", "uint"))})",
                5 => $"[{Of("int")}, {Of("int")}].{Pick("all", "exists", "exists_one")}(x, {Of("bool")})",
                6 => $"{Of("list")}.{Pick("all", "exists", "existsOne")}(i, x, i < {Of("int")} || {Of("bool")})",
                7 => $"{Of("string")}.matches({Pick("'^[a-z]+$'", "'(b|l)e?'", "device.type", "profile.labels.color + '('")})",
                8 => $"cel.bind(x, {Of("int")}, x > 1 && {Of("bool")})",
                _ => $"({Of("string")} in [{Of("string")}, 'mobile'])",
            },
            "int" => _random.Next(8) switch
            {
                0 => $"-({Of("int")})",
                1 => $"({Of("bool")} ? {Of("int")} : {Of("int")})",
                2 => $"{Pick("size", "int")}({Of("string")})",
                3 => $"{Of("list")}[{Of("int")}]",
                4 => $"{Of("string")}.{Pick("indexOf", "lastIndexOf")}({Of("string")})",
                5 => $"math.{Pick("greatest", "least", "bitXor", "bitShiftRight")}({Of("int")}, {Of("int")})",
                6 => $"math.{Pick("abs", "sign", "bitNot")}({Of("int")})",
                _ => $"({Of("int")} {Pick("+", "-", "*", "/", "%")} {Of("int")})",
            },
            "uint" => $"({Of("uint")} {Pick("+", "-", "*", "/", "%")} {Of("uint")})",
            "double" => _random.Next(3) == 0 ? $"math.{Pick("ceil", "round", "trunc", "sqrt")}({Of("double")})" : $"({Of("double")} {Pick("+", "-", "*", "/")} {Of("double")})",
            "string" => _random.Next(7) switch
            {
                0 => $"string({Of(Pick("int", "bool", "duration"))})",
                1 => $"{Of("string")}.{Pick("substring", "charAt")}({Of("int")})",
                2 => $"{Of("string")}.replace({Of("string")}, {Of("string")})",
                3 => $"{Of("string")}.split({Of("string")}).join({Of("string")})",
                4 => $"'%s %d %.2f'.format([{Of("string")}, {Of("int")}, {Of("double")}])",
                5 => $"{Of("string")}.{Pick("reverse", "trim", "upperAscii")}()",
                _ => $"({Of("string")} + {Of("string")})",
            },
            "timestamp" => $"({Of("timestamp")} {Pick("+", "-")} {Of("duration")})",
            "duration" => _random.Next(2) == 0 ? $"({Of("timestamp")} - {Of("timestamp")})" : $"({Of("duration")} + {Of("duration")})",
            _ => _random.Next(4) switch
            {
                3 => $"{Of("list")}.transformList(i, x, i >= {Of("int")}, {Of("int")})",
                0 => $"{Of("list")}.map(x, {Of("int")})",
                1 => $"{Of("list")}.filter(x, {Of("bool")})",
                _ => $"({Of("list")} + [{Of("int")}])",
            },
        };
    }

    /// <summary>Pieces of the language, of other languages, and of neither, in any order.</summary>
    public string Soup(int length)
    {
        string[] pieces =
        [
            "features.visits_1y", "profile.nps", "event", ".", "now", "(", ")", "[", "]", "{", "}", ",", ":", "?", "==", "!=", "<", ">=", "&&", "||", "!", "-", "+", "*", "/", "%", "in",
            "1", "2.5", "3u", "'a'", "\"", "'", "'''", "b'\\x41'", "\\", "r'", "has", "all", "map", "x", "size", "duration('1d')", "grade(\"lead\")", "//", "\n", " ", "`", "null", "true", "math.", "cel.bind", "replace", ".matches('", "(a*)*", "'%s'.format",
            "é", "\U0001F600", "\uD800", "\0", "=", "&", "9223372036854775808", "1e999", "0x", "_", "if", "and",
        ];
        return string.Join(_random.Next(2) == 0 ? " " : "", Enumerable.Range(0, length).Select(_ => Pick(pieces)));
    }

    /// <summary>A text with a few characters exchanged, doubled or left out.</summary>
    public string Mutated(string text)
    {
        var characters = text.ToList();
        for (var i = _random.Next(1, 4); i > 0 && characters.Count > 0; i--)
        {
            var at = _random.Next(characters.Count);
            switch (_random.Next(3))
            {
                case 0:
                    characters.RemoveAt(at);
                    break;
                case 1:
                    characters.Insert(at, characters[_random.Next(characters.Count)]);
                    break;
                default:
                    characters[at] = (char)_random.Next(32, 127);
                    break;
            }
        }

        return new string([.. characters]);
    }

    private Node Leaf() => _random.Next(9) switch
    {
        0 => new Literal(Dyn.Null, Nowhere),
        1 => new Literal(Dyn.Of(_random.Next(2) == 0), Nowhere),
        2 => new Literal(Dyn.Of(Pick(0L, 1L, -1L, long.MinValue, long.MaxValue, _random.NextInt64())), Nowhere),
        3 => new Literal(Dyn.Of((ulong)_random.NextInt64()), Nowhere),
        4 => new Literal(Dyn.Of(Pick(0.0, -1.5, 1e300, 5e-324, _random.NextDouble())), Nowhere),
        5 => new Literal(Dyn.Of(Pick("", "a", "\"quoted\"", "back\\slash", "line\nbreak\ttab\r\0", "é\U0001F600")), Nowhere),
        6 => new Literal(Dyn.OfBytes([0, 65, 255]), Nowhere),
        _ => new Name(Pick("a", "b_c", "features"), _random.Next(8) == 0, Nowhere),
    };

    private ImmutableArray<Node> Many(int depth) => [.. Enumerable.Range(0, _random.Next(3)).Select(_ => Any(depth - 1))];

    private T Pick<T>(params T[] from) => from[_random.Next(from.Length)];
}
