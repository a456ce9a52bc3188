using System.IO.Compression;
using System.Runtime.CompilerServices;
using Decisioning.Cli.Play;
using Decisioning.Cli.Sample;
using Decisioning.V1;

namespace Decisioning.Cli.Tests.Play;

public sealed class PlayTests
{
    private const string Who = "\"userId\": \"ann\", \"timestamp\": \"2026-01-15T07:00:00Z\"";

    [Theory]
    [InlineData("[1]", "it is not a JSON object")]
    [InlineData("{", "it is not JSON: ")]
    [InlineData("{\"type\": \"track\", \"timestamp\": \"2026-01-15T07:00:00Z\"}", "it names no customer; set `userId` or `anonymousId`")]
    [InlineData("{\"type\": \"track\", \"userId\": \"ann\"}", "`` is no `timestamp`; write it as in ISO 8601: `2026-01-15T07:00:00Z`")]
    [InlineData("{\"type\": \"track\", \"userId\": \"ann\", \"timestamp\": \"soon\"}", "`soon` is no `timestamp`")]
    [InlineData("{\"type\": \"track\", \"userId\": 7}", "`userId` is not a text")]
    [InlineData("{\"type\": \"dance\", " + Who + "}", "`dance` is not a type of line; write a Segment message, `decide` or `respond`")]
    [InlineData("{\"type\": \"respond\", \"outcome\": \"SHRUGGED\", " + Who + "}", "`SHRUGGED` is no `outcome`")]
    [InlineData("{\"type\": \"respond\", \"outcome\": \"2\", " + Who + "}", "`2` is no `outcome`")]
    [InlineData("{\"type\": \"respond\", " + Who + "}", "`` is no `outcome`")]
    [InlineData("{\"type\": \"decide\", \"placements\": \"hero\", " + Who + "}", "`placements` is not a list of texts")]
    [InlineData("{\"type\": \"decide\", \"placements\": [1], " + Who + "}", "`placements` is not a list of texts")]
    [InlineData("{\"type\": \"track\", \"properties\": 7, " + Who + "}", "`properties` is not an object")]
    public void A_line_that_is_none_is_refused_with_what_is_wrong(string line, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<FormatException>(() => PlayLine.Read(line)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_segment_message_becomes_an_event()
    {
        var line = Assert.IsType<PlayLine.Track>(PlayLine.Read("{\"type\": \"track\", \"messageId\": \"m1\", \"event\": \"Product Viewed\", \"properties\": {\"price\": 2.5}, \"traits\": null, " + Who + "}"));
        Assert.Equal(("ann", EventType.Track, "m1", "Product Viewed", 2.5), (line.Customer, line.Event.Type, line.Event.MessageId, line.Event.Event_, line.Event.Properties.Fields["price"].NumberValue));
        Assert.Null(line.Event.Traits);
    }

    [Fact]
    public void Questions_and_responses_are_read()
    {
        var decide = Assert.IsType<PlayLine.Decide>(PlayLine.Read("{\"type\": \"decide\", \"channel\": \"web\", \"placements\": [\"a\", \"b\"], \"anonymousId\": \"c1\", \"timestamp\": \"2026-01-15T07:00:00Z\"}"));
        Assert.Equal(("anonymous:c1", "web"), (decide.Customer, decide.Channel));
        Assert.Equal(["a", "b"], decide.Placements);
        Assert.Equal(Outcome.NoResponse, Assert.IsType<PlayLine.Respond>(PlayLine.Read("{\"type\": \"respond\", \"outcome\": \"NO_RESPONSE\", " + Who + "}")).Outcome);
    }

    [Theory]
    [InlineData("1", 1, 1, 1, 1)]
    [InlineData("2 1", 1, 2, 2, 2)]
    [InlineData("3 1 2", 2, 3, 3, 3)]
    [InlineData("1..100", 50, 95, 99, 100)]
    [InlineData("1..1000", 500, 950, 990, 1000)]
    public void A_percentile_is_the_least_latency_that_so_many_did_not_exceed(string given, double p50, double p95, double p99, double max)
    {
        var latencies = new Latencies();
        var range = given.Split("..");
        foreach (var ms in range.Length == 2 ? Enumerable.Range(1, int.Parse(range[1])).Reverse() : given.Split(' ').Select(int.Parse))
        {
            latencies.Add(TimeSpan.FromMilliseconds(ms));
        }

        Assert.Equal((p50, p95, p99, max), (latencies.Percentile(0.5), latencies.Percentile(0.95), latencies.Percentile(0.99), latencies.Percentile(1)));
    }

    [Fact]
    public void Without_latencies_there_is_no_percentile() => Assert.Equal(double.NaN, new Latencies().Percentile(0.5));

    [Fact]
    public void A_sample_day_is_a_function_of_its_seed()
    {
        Assert.Equal(new SampleDay(7, 20).Lines(), new SampleDay(7, 20).Lines());
        Assert.NotEqual(new SampleDay(7, 20).Lines(), new SampleDay(8, 20).Lines());
    }

    [Fact]
    public void The_committed_sample_day_is_the_one_the_program_makes()
    {
        using var file = File.OpenRead(Path.Combine(Here(), "../../../strategies/retail/sample-day.jsonl.gz"));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        Assert.Equal(string.Concat(new SampleDay(42, 150).Lines().Select(line => line + "\n")), reader.ReadToEnd());
    }

    [Fact]
    public void Every_line_of_a_sample_day_can_be_played_in_order_of_time()
    {
        var lines = new SampleDay(3, 50).Lines().Select(PlayLine.Read).ToList();
        Assert.Equal(lines.OrderBy(line => line.At), lines);
        Assert.Contains(lines, line => line is PlayLine.Respond);
        Assert.Equal(lines.OfType<PlayLine.Track>().Count(), lines.OfType<PlayLine.Track>().Select(line => line.Event.MessageId).Distinct().Count());
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
