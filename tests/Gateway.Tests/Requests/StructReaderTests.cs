using Decisioning.Engine;
using Decisioning.Engine.Values;
using Decisioning.Gateway.Requests;
using Decisioning.Gateway.Tests.Support;
using Google.Protobuf.WellKnownTypes;
using Value = Google.Protobuf.WellKnownTypes.Value;

namespace Decisioning.Gateway.Tests.Requests;

public sealed class StructReaderTests
{
    private static readonly (string Case, Struct Given, string Violations)[] Refused =
    [
        ("not a number", Events.One("a", Value.ForNumber(double.NaN)), "p.a | is not a finite number | leave it out or send a number"),
        ("endless", Events.One("a", Value.ForNumber(double.NegativeInfinity)), "p.a | is not a finite number | leave it out or send a number"),
        ("in a list", Events.One("a", Value.ForList(Value.ForBool(true), Value.ForNumber(double.NaN))), "p.a[1] | is not a finite number | leave it out or send a number"),
        ("in a list's item", Events.One("a", Value.ForList(Value.ForStruct(Events.One("b", Value.ForNumber(double.NaN))))), "p.a[0].b | is not a finite number | leave it out or send a number"),
        ("a long text", Events.One("a", Value.ForString(Events.X(16 * 1024 + 1))), "p.a | has 16385 characters | send at most 16384"),
        ("a long name", Events.One(Events.X(257), Value.ForBool(true)), "p | has a property whose name has 257 characters | send names of at most 256"),
        ("nine levels", Events.Nested(9), "p.n.n.n.n.n.n.n.n | is nested deeper than 8 levels | flatten it"),
        ("a list on level nine", Events.One("a", Lists(8)), "p.a[0][0][0][0][0][0][0] | is nested deeper than 8 levels | flatten it"),
        ("too many properties", Events.Fields(Limits.EventPropertiesMax + 1), "p | makes more than 8192 properties | send fewer, or split it into several events"),
        ("too many items", Events.One("a", Value.ForList([.. Enumerable.Repeat(Value.ForNull(), Limits.EventPropertiesMax)])), "p.a | makes more than 8192 properties | send fewer, or split it into several events"),
        ("too many bytes", Texts(17), "p | makes the event larger than 256 KB | send less, or split it into several events"),
    ];

    private static readonly (string Case, Struct Given)[] AtTheLimit =
    [
        ("text", Events.One("a", Value.ForString(Events.X(16 * 1024)))),
        ("name", Events.One(Events.X(256), Value.ForBool(true))),
        ("levels", Events.Nested(8)),
        ("properties", Events.Fields(Limits.EventPropertiesMax)),
        ("items", Events.One("a", Value.ForList([.. Enumerable.Repeat(Value.ForNull(), Limits.EventPropertiesMax - 1)]))),
        ("bytes", Texts(15)),
    ];

    public static TheoryData<string> RefusedCases => [.. Refused.Select(c => c.Case)];

    public static TheoryData<string> LimitCases => [.. AtTheLimit.Select(c => c.Case)];

    [Theory, MemberData(nameof(RefusedCases))]
    public void A_struct_is_refused_with_the_path_and_the_cure(string name)
    {
        var (_, given, expected) = Refused.Single(c => c.Case == name);
        Assert.Equal(expected, Read(given).Violations);
    }

    [Theory, MemberData(nameof(LimitCases))]
    public void A_struct_at_the_limit_is_taken(string name) => Assert.Equal("", Read(AtTheLimit.Single(c => c.Case == name).Given).Violations);

    [Fact]
    public void Every_kind_of_value_is_read()
    {
        var given = new Struct
        {
            Fields =
            {
                ["none"] = new Value(), ["null"] = Value.ForNull(), ["yes"] = Value.ForBool(true), ["number"] = Value.ForNumber(-0.5), ["text"] = Value.ForString("ü"),
                ["list"] = Value.ForList(Value.ForNumber(1), Value.ForString("a")), ["map"] = Value.ForStruct(new Struct()),
            },
        };
        Assert.Equal("""{list: [1.0, "a"], map: {}, none: null, null: null, number: -0.5, text: "ü", yes: true}""", Read(given).Map.ToString());
    }

    [Fact]
    public void The_limits_are_shared_by_all_structs_of_one_event()
    {
        var violations = new Violations();
        var reader = new StructReader(violations);
        reader.Read(Events.Fields(5000), "properties");
        reader.Read(Events.Fields(5000), "context");
        Assert.Equal("context | makes more than 8192 properties | send fewer, or split it into several events", Events.Text(violations.Found));
    }

    private static Value Lists(int levels) => levels == 0 ? Value.ForNull() : Value.ForList(Lists(levels - 1));

    private static Struct Texts(int count) => new() { Fields = { Enumerable.Range(0, count).ToDictionary(i => $"t{i}", _ => Value.ForString(Events.X(16 * 1024))) } };

    private static (PropertyMap Map, string Violations) Read(Struct given)
    {
        var violations = new Violations();
        return (new StructReader(violations).Read(given, "p"), Events.Text(violations.Found));
    }
}
