using System.Globalization;
using System.Text.RegularExpressions;

namespace Decisioning.Benchmarks;

/// <summary>
/// Imports a made-up order history with the command line into an engine in a process of its own, over loopback: read,
/// mapped, sent, folded, on disk, acknowledged.
/// </summary>
public static partial class ImportBench
{
    private const int Orders = 40_000;
    private const int Customers = 5_000;
    private const string Map = """
        customer: { user_id: customer }
        time: { column: at, format: iso8601 }
        group_by: order
        message_id: order
        events: [ { name: Order Completed } ]
        properties:
          order_id: order
          units: { sum: int(row.quantity) }
          total: { sum: double(row.quantity) * double(row.price) }
        products: { sku: sku, quantity: { column: quantity, type: int }, price: { column: price, type: double } }
        """;

    /// <summary>Runs it once with the retail sample strategy.</summary>
    public static async Task<IReadOnlyList<(string Name, double Value, string Unit)>> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("decisioning-bench-").FullName;
        try
        {
            var (file, map) = (Path.Combine(folder, "orders.csv"), Path.Combine(folder, "map.yaml"));
            var lines = await WriteAsync(file);
            await File.WriteAllTextAsync(map, Map);
            using var engine = await EngineProcess.ReadyAsync("--data", Path.Combine(folder, "data"));
            using var import = EngineProcess.Run("Decisioning.Cli.dll", ["import", file, "--map", map, "--address", engine.Address]);
            var output = await import.StandardOutput.ReadToEndAsync();
            await import.WaitForExitAsync();
            var speed = Speed().Match(output);
            return speed.Success
                ? [($"import, {Orders:N0} orders of {lines:N0} lines", Number(speed.Groups["events"].Value), "events/s"), ("  the same, counted in lines", Number(speed.Groups["rows"].Value), "lines/s")]
                : throw new InvalidOperationException($"the import told no speed:\n{output}{await import.StandardError.ReadToEndAsync()}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> WriteAsync(string file)
    {
        var random = new Random(1);
        var at = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var lines = 0;
        await using var writer = new StreamWriter(file);
        await writer.WriteLineAsync("order,customer,at,sku,quantity,price");
        for (var order = 0; order < Orders; order++)
        {
            at = at.AddSeconds(random.Next(1, 120));
            var customer = random.Next(Customers);
            for (var line = random.Next(1, 10); line > 0; line--, lines++)
            {
                await writer.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{order},c{customer},{at:yyyy-MM-dd'T'HH:mm:ss'Z'},sku-{random.Next(500)},{random.Next(1, 20)},{random.Next(100, 9999) / 100.0:F2}"));
            }
        }

        return lines;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<events>\d+) events/s, (?<rows>\d+) rows/s")]
    private static partial Regex Speed();
}
