using System.Text.Json;
using Google.Protobuf;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Data;

/// <summary>Writes a world to files, as lines that <c>decide play</c> reads.</summary>
internal static class DataFiles
{
    /// <summary>Live calls of the second file for each customer.</summary>
    private const int CallsPerCustomer = 2;

    private static readonly JsonFormatter Structs = new(JsonFormatter.Settings.Default);

    /// <summary>Writes the customers' histories and a stretch of load: nine questions to an event.</summary>
    /// <returns>The files.</returns>
    public static IReadOnlyList<string> Write(World world, int seed, string folder)
    {
        Directory.CreateDirectory(folder);
        var (histories, load) = (Path.Combine(folder, "customers.jsonl"), Path.Combine(folder, "load.jsonl"));
        File.WriteAllLines(histories, Enumerable.Range(0, world.Customers).SelectMany(world.History).Select(Line));
        File.WriteAllLines(load, Enumerable.Range(0, world.Customers * CallsPerCustomer).Select(call =>
            call % 10 == 0 ? Line(world.Live(call, $"load-{seed}", world.Customer(call))) : Decide(World.Id(world.Customer(call)))));
        return [histories, load];
    }

    /// <summary>An event as a message of the Segment spec.</summary>
    public static string Line(Api.Event @event)
    {
        var line = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["type"] = @event.Type == Api.EventType.Identify ? "identify" : "track",
            ["messageId"] = @event.MessageId,
            ["userId"] = @event.UserId,
            ["timestamp"] = @event.Timestamp.ToDateTimeOffset(),
            ["context"] = Json(@event.Context),
        };
        if (@event.Type == Api.EventType.Identify)
        {
            line["traits"] = Json(@event.Traits);
        }
        else
        {
            line["event"] = @event.Event_;
            line["properties"] = Json(@event.Properties);
        }

        return JsonSerializer.Serialize(line);
    }

    private static string Decide(string customer) => JsonSerializer.Serialize(new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        ["type"] = "decide",
        ["userId"] = customer,
        ["timestamp"] = TimeProvider.System.GetUtcNow(),
        ["channel"] = "web",
        ["placements"] = new[] { "hero" },
    });

    private static JsonElement Json(IMessage value) => JsonDocument.Parse(Structs.Format(value)).RootElement;
}
