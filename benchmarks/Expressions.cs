using System.Diagnostics;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Values;

namespace Decisioning.Benchmarks;

/// <summary>What one evaluation of a compiled condition costs, and what compiling one costs.</summary>
internal static class ExpressionsBench
{
    private const int Rounds = 2_000_000;

    public static IReadOnlyList<(string Name, double Nanoseconds, double Bytes)> Run()
    {
        var customer = new Customer(3, 250.5, "mobile", new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero), null, PropertyMap.Of(("price", Value.Of(12.5))));
        var rows = new List<(string, double, double)>();
        foreach (var text in new[]
        {
            "features.a >= 3 && features.b > 200.0",
            "device.type == \"mobile\"",
            "now - features.last > duration(\"180d\")",
            "device.type in [\"app\", \"web\", \"mobile\"]",
            "device.type in [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", \"mobile\"]",
            "profile.nps == null || profile.nps > 4",
            "features.a + 2 > 4 && 100 / features.a < 50",
            "event.price > 12.0",
        })
        {
            rows.Add(Measure(text, customer));
        }

        rows.Add(MeasureCompilation());
        return rows;
    }

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
        if (!ExpressionCompiler.Compile(text, Schema, CelType.Bool).TryGet(out var condition))
        {
            throw new InvalidOperationException($"`{text}` does not compile");
        }

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
