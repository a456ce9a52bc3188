using Decisioning.Engine.Expressions;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Expressions;

/// <summary>What the expressions of these tests are evaluated on: one field per type of the language.</summary>
internal sealed record Visitor
{
    public long Visits { get; init; } = 3;

    public ulong Points { get; init; } = 7;

    public double Spend { get; init; } = 250.5;

    public bool Dropped { get; init; } = true;

    public string Device { get; init; } = "mobile";

    public string? Plan { get; init; } = "basic";

    public long? Nps { get; init; }

    public double? Weight { get; init; }

    public bool? Vip { get; init; }

    public DateTimeOffset? LastVisit { get; init; } = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    public DateTimeOffset Now { get; init; } = new(2026, 11, 2, 13, 30, 15, TimeSpan.Zero);

    public TimeSpan Session { get; init; } = TimeSpan.FromMinutes(90);

    public long Grade { get; init; } = 1;

    public Value Tags { get; init; } = Value.Of([Value.Of("hot"), Value.Of("new")]);

    public Value Numbers { get; init; } = Value.Of([Value.Of(1), Value.Of(2), Value.Of(3)]);

    public PropertyMap Labels { get; init; } = PropertyMap.Of(("color", Value.Of("red")), ("size", Value.Of("xl")));

    public PropertyMap Event { get; init; } = PropertyMap.Of(
        ("price", Value.Of(12.5)),
        ("topic", Value.Of("diabetes")),
        ("count", Value.Of(2)),
        ("first name", Value.Of("Ann")),
        ("nothing", Value.Null),
        ("address", Value.Of(PropertyMap.Of(("city", Value.Of("Bonn"))))),
        ("products", Value.Of([Value.Of(PropertyMap.Of(("price", Value.Of(5.0)))), Value.Of(PropertyMap.Of(("price", Value.Of(50.0))))])));

    public static ExpressionSchema<Visitor> Schema { get; } = new ExpressionSchemaBuilder<Visitor>()
        .Variable("features.visits_1y", CelType.Int, v => v.Visits)
        .Variable("features.points", CelType.UInt, v => v.Points)
        .Variable("features.spend_1y", CelType.Double, v => v.Spend)
        .Variable("features.dropped_booking", CelType.Bool, v => v.Dropped)
        .Variable("features.last_visit", CelType.Nullable(CelType.Timestamp), v => v.LastVisit)
        .Variable("features.session", CelType.Duration, v => v.Session)
        .Variable("profile.plan", CelType.Nullable(CelType.String), v => v.Plan, VariableDomain.OneOf("none", "basic", "family"))
        .Variable("profile.nps", CelType.Nullable(CelType.Int), v => v.Nps, VariableDomain.Between(0, 10))
        .Variable("profile.weight", CelType.Nullable(CelType.Double), v => v.Weight)
        .Variable("profile.vip", CelType.Nullable(CelType.Bool), v => v.Vip)
        .Variable("profile.tags", CelType.List(CelType.String), v => v.Tags)
        .Variable("profile.numbers", CelType.List(CelType.Int), v => v.Numbers)
        .Variable("profile.labels", CelType.Map(CelType.String, CelType.String), v => v.Labels)
        .Variable("device.type", CelType.String, v => v.Device)
        .Variable("now", CelType.Timestamp, v => v.Now)
        .Variable("now.hour", CelType.Int, v => v.Now.Hour, VariableDomain.Between(0, 23))
        .Variable("now.weekday", CelType.Int, v => v.Now.DayOfWeek == DayOfWeek.Sunday ? 7L : (long)v.Now.DayOfWeek)
        .OpenNamespace("event", (v, name) => v.Event[name])
        .Namespace("booking", "declare it under events")
        .Variable("booking.specialty", CelType.String, v => "skin")
        .Function("age", [CelType.Timestamp], CelType.Int, (Visitor v, DateTimeOffset born) => (v.Now - born).Ticks / TimeSpan.TicksPerDay / 365)
        .Function("text.twice", [CelType.String], CelType.String, (Visitor v, string text) => text + text)
        .Function("first", [CelType.List(CelType.Dyn)], CelType.Dyn, (Visitor v, Value list) => list.AsList()[0])
        .Resolver("grade", 1, literals => literals[0] == "lead"
            ? Resolution.Reads<Visitor, long>(CelType.Enumeration("grade", "none", "mql", "sql"), "grade(lead)", v => v.Grade)
            : Resolution.Refuses($"there is no score `{literals[0]}`; scores are `lead`"))
        .Resolver("calendar.days_until", 1, literals => Resolution.Reads<Visitor, long>(CelType.Int, $"calendar.days_until({literals[0]})", v => 12))
        .Build();

    public static CompiledExpression<Visitor> Compile(string text, CelType? expected = null, ExpressionOptions? options = null)
    {
        var compilation = ExpressionCompiler.Compile(text, Schema, expected ?? CelType.Dyn, options);
        Assert.True(compilation.TryGet(out var expression), $"{text}: {string.Join("; ", compilation.Errors)}");
        return expression;
    }
}
