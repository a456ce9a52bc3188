using Decisioning.Engine.Customers;
using Decisioning.Gateway.Requests;
using Google.Protobuf.WellKnownTypes;
using Api = Decisioning.V1;
using Decisioning.Tests.Shared;

namespace Decisioning.Gateway.Tests.Support;

/// <summary>Events of the API and what the gateway reads of them.</summary>
internal static class Events
{
    public static readonly DateTimeOffset Now = TestClock.Start;

    /// <summary>An event nothing is wrong with.</summary>
    public static Api.Event Good(string id = "m1", string user = "ann", string name = "Product Viewed") =>
        new() { MessageId = id, UserId = user, Event_ = name, Timestamp = Now.ToTimestamp() };

    public static Api.Event With(Action<Api.Event> change)
    {
        var e = Good();
        change(e);
        return e;
    }

    public static ReadEvent Read(Api.Event e, CustomerKey? known = null, DateTimeOffset? receivedAt = null) =>
        EventReader.Read(e, 0, "shop", known, receivedAt ?? Now.AddSeconds(1));

    public static CustomerEvent Accepted(Api.Event e, CustomerKey? known = null, DateTimeOffset? receivedAt = null)
    {
        var read = Read(e, known, receivedAt);
        Assert.Equal("", Text(read.Violations));
        return read.Event!;
    }

    /// <summary>Violations as lines: field, what is wrong, what to do.</summary>
    public static string Text(IEnumerable<FieldViolation> violations) => string.Join('\n', violations.Select(v => $"{v.Field} | {v.Description} | {v.Cure}"));

    public static string Text(IEnumerable<Api.FieldViolation> violations) => string.Join('\n', violations.Select(v => $"{v.Field} | {v.Description} | {v.Cure}"));

    public static string X(int length) => new('x', length);

    public static Struct Fields(int count) => new() { Fields = { Enumerable.Range(0, count).ToDictionary(i => $"p{i}", _ => Value.ForBool(true)) } };

    /// <summary>A struct with so many levels: <c>{ n: { n: … true } }</c>.</summary>
    public static Struct Nested(int levels) =>
        new() { Fields = { ["n"] = levels == 1 ? Value.ForBool(true) : Value.ForStruct(Nested(levels - 1)) } };

    public static Struct One(string name, Value value) => new() { Fields = { [name] = value } };
}
