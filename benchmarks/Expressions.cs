using System.Diagnostics;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Values;

namespace Decisioning.Benchmarks;

/// <summary>What one evaluation of a compiled condition costs, and what compiling one costs.</summary>
internal static class ExpressionsBench
{
    private const int Rounds = 2_000_000;

    private static readonly (string Kind, string Text)[] Texts =
    [
        ("two numbers compared", "features.a >= 3 && features.b > 200.0"),
        ("a text compared", "device.type == \"mobile\""),
        ("an age compared", "now - features.last > duration(\"180d\")"),
        ("one of three texts", "device.type in [\"app\", \"web\", \"mobile\"]"),
        ("one of eight texts", "device.type in [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", \"mobile\"]"),
        ("null or a number", "profile.nps == null || profile.nps > 4"),
        ("arithmetic", "features.a + 2 > 4 && 100 / features.a < 50"),
        ("a property without a type", "event.price > 12.0"),
        ("a text searched", "device.type.startsWith(\"mob\") && device.type.contains(\"bil\")"),
        ("a pattern", "device.type.matches(\"^mob.*e$\")"),
        ("a list with a condition", "[1, 5, 9].exists(n, n > features.a)"),
        ("the hour of an instant", "features.last.getHours() >= 8"),
    ];

    private static readonly Customer _customer = new(3, 250.5, "mobile", new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero), null, PropertyMap.Of(("price", Value.Of(12.5))));

    public static IReadOnlyList<(string Name, double Nanoseconds, double Bytes)> Run()
    {
        var rows = new List<(string, double, double)>(Texts.Select(text => Measure(text.Text, _customer)));
        rows.Add(MeasureCompilation());
        return rows;
    }

    /// <summary>A condition of each kind, ready to be asked.</summary>
    internal static IEnumerable<(string Kind, Func<Truth> Test)> Kinds() => Texts.Select(text =>
    {
        var condition = Compiled(text.Text);
        return (text.Kind, new Func<Truth>(() => condition.Test(_customer)));
    });

    private static CompiledExpression<Customer> Compiled(string text) => ExpressionCompiler.Compile(text, Schema, CelType.Bool) is var compilation && compilation.TryGet(out var condition)
        ? condition
        : throw new InvalidOperationException($"`{text}` does not compile: {string.Join("; ", compilation.Errors)}");

    private static ExpressionSchema<Customer> Schema { get; } = new ExpressionSchemaBuilder<Customer>()
        .Variable("features.a", CelType.Int, c => c.A)
        .Variable("features.b", CelType.Double, c => c.B)
        .Variable("features.last", CelType.Timestamp, c => c.Last)
        .Variable("device.type", CelType.String, c => c.Device)
        .Variable("profile.nps", CelType.Nullable(CelType.Int), c => c.Nps)
        .Variable("now", CelType.Timestamp, c => new DateTimeOffset(639_000_000_000_000_000, TimeSpan.Zero))
        .OpenNamespace("event", (c, name) => c.Event[name])
        .Build();

    private static (string, double, double) Measure(string text, Customer customer)
    {
        var condition = Compiled(text);
        var best = double.MaxValue;
        var held = 0;
        var bytes = 0L;
        for (var run = 0; run < 5; run++)
        {
            bytes = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Rounds; i++)
            {
                held += condition.Test(customer) == Truth.True ? 1 : 0;
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / Rounds);
            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        }

        GC.KeepAlive(held);
        return ($"evaluate {text}", best, bytes / Rounds);
    }

    private static (string, double, double) MeasureCompilation()
    {
        const int count = 1_000;
        var customer = new Customer(3, 250.5, "mobile", DateTimeOffset.UnixEpoch, 5, PropertyMap.Empty);
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var compilation = ExpressionCompiler.Compile($"features.a >= {i} && features.b > {i}.5 || device.type == \"d{i}\" && profile.nps > 3", Schema, CelType.Bool);
            _ = compilation.Expression!.Test(customer);
        }

        return ("compile and run once, four comparisons", Stopwatch.GetElapsedTime(start).TotalNanoseconds / count, (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)count);
    }

    private sealed record Customer(long A, double B, string Device, DateTimeOffset Last, long? Nps, PropertyMap Event);
}
