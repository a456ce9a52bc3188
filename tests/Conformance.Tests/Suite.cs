using System.Text.Json;
using System.Text.Json.Nodes;
using Decisioning.Tests.Shared;

namespace Decisioning.Conformance.Tests;

/// <summary>One test of the public suite.</summary>
/// <param name="Name">Section, group and name; of a name given twice the later ones end in <c>#2</c>, <c>#3</c>.</param>
/// <param name="Definition">The test as the suite's protobuf JSON.</param>
internal sealed record SuiteTest(string Name, JsonObject Definition)
{
    public string Section => Name[..Name.IndexOf('/', StringComparison.Ordinal)];
}

/// <summary>The public conformance suite, as the npm package pinned in <c>suite/package-lock.json</c> holds it.</summary>
internal static class Suite
{
    /// <summary>Every test that needs no protobuf messages, and how many there are of all.</summary>
    public static async Task<(IReadOnlyList<SuiteTest> Tests, int All)> ReadAsync(CancellationToken cancel)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "conformance.json");
        var run = await ForeignClients.NodeAsync("tests/Conformance.Tests/suite/export.js", file);
        Assert.True(run is { ExitCode: 0, Held: [_] }, run.Output);

        await using var stream = File.OpenRead(file);
        var written = (await JsonSerializer.DeserializeAsync<JsonArray>(stream, cancellationToken: cancel))!;
        var tests = new List<SuiteTest>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var one in written.OfType<JsonObject>())
        {
            var definition = one["test"]!.AsObject();
            var name = $"{(string)one["path"]!}/{(string?)definition["name"]}";
            var count = seen[name] = seen.GetValueOrDefault(name) + 1;
            if (!(bool)one["needsMessages"]!)
            {
                tests.Add(new SuiteTest(count == 1 ? name : $"{name}#{count}", definition));
            }
        }

        return (tests, written.Count);
    }
}
