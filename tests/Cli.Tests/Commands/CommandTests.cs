using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Decisioning.Cli.Tests.Support;
using Decisioning.Tests.Shared;

namespace Decisioning.Cli.Tests.Commands;

[Collection(typeof(TakesConsole))]
public sealed class CommandTests(GatewayServer server) : IDisposable
{
    private const string Map = """
        customer: { user_id: customer }
        time: { column: at }
        group_by: order
        message_id: order
        events: [ { name: Order Completed } ]
        properties: { revenue: { sum: double(row.price) } }
        """;

    private const string Unused = "strategy: unused\nfeatures:\n  carts: { count: Product Added }\nevents: { Product Added: { price: double } }\n";

    private readonly TempFolder _folder = new();

    private string Address => server.Http2.ToString();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("customer", "ann")]
    [InlineData("next", "ann")]
    [InlineData("watch", "ann")]
    [InlineData("export", "-f", "views")]
    [InlineData("publish", "STRATEGY")]
    [InlineData("import", "ROWS", "--map", "MAP")]
    [InlineData("play", "DAY")]
    public async Task Nothing_listening_is_told_with_the_cure(params string[] args)
    {
        var run = (await Decide.RunAsync([.. args.Select(Made), "--address", $"http://127.0.0.1:{FreePort()}"])).WithoutTraces();
        Assert.Equal(3, run.Code);
        Assert.Contains("cannot be reached", run.Errors, StringComparison.Ordinal);
        Assert.Contains("start it with `dotnet run make.cs up`", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_http_port_given_for_the_grpc_port_is_told_so()
    {
        var run = (await Decide.RunAsync("customer", "ann", "-a", server.Http1.ToString())).WithoutTraces();
        Assert.Equal(3, run.Code);
        Assert.Contains("does not speak gRPC; the HTTP port is another", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--address is `localhost:5001`; it must be like http://127.0.0.1:5001", "customer", "ann", "--address", "localhost:5001")]
    [InlineData("--streams is 0; it must be 1 to 64", "import", "a", "-m", "b", "--streams", "0")]
    [InlineData("--streams is many; it must be 1 to 64", "import", "a", "-m", "b", "--streams", "many")]
    [InlineData("--items is 51; it must be 1 to 50", "next", "ann", "-n", "51")]
    [InlineData("--map", "import", "a")]
    [InlineData("nonsense", "nonsense")]
    [InlineData("there is no file `/nowhere/rows.csv`", "import", "/nowhere/rows.csv", "-m", "/nowhere/map.yaml")]
    [InlineData("there is no file `/nowhere/day`", "play", "/nowhere/day")]
    [InlineData("there is no folder or file `/nowhere`", "lint", "/nowhere")]
    [InlineData("`/tmp` is a folder; name a file in it", "play", "/tmp")]
    [InlineData("`/tmp` is a folder; name a file in it", "import", "/tmp", "-m", "/tmp")]
    [InlineData("/nowhere/day.gz", "sample", "-o", "/nowhere/day.gz")]
    public async Task A_command_that_cannot_be_done_is_told_so_and_does_nothing(string expected, params string[] args)
    {
        var run = (await Decide.RunAsync(args)).WithoutTraces();
        Assert.Equal(2, run.Code);
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lint_passes_the_samples()
    {
        foreach (var sample in Directory.GetDirectories(Path.Combine(Here(), "../../../strategies")))
        {
            var run = (await Decide.RunAsync("lint", sample)).WithoutTraces();
            Assert.True(run.Code == 0, run.Output);
        }
    }

    [Fact]
    public async Task Lint_lists_every_mistake_of_a_broken_strategy()
    {
        var broken = TestStrategies.Shop.Replace("UTC", "Nowhere/Land", StringComparison.Ordinal).Replace("features.views >= 1", "features.vews >= 1", StringComparison.Ordinal);
        var run = (await Decide.RunAsync("lint", Path.GetDirectoryName(_folder.Write("broken/strategy.yaml", broken))!)).WithoutTraces();
        Assert.Equal(1, run.Code);
        Assert.EndsWith("2 errors\n", run.Output, StringComparison.Ordinal);
        Assert.All(run.Output.Split('\n')[..2], line => Assert.Matches(@"^strategy\.yaml:\d+:\d+: error unknown-name: ", line));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1, "--strict")]
    public async Task Lint_fails_for_warnings_only_where_it_is_strict(int code, params string[] options)
    {
        var run = (await Decide.RunAsync(["lint", _folder.Write("unused.yaml", Unused), .. options])).WithoutTraces();
        Assert.Equal(code, run.Code);
        Assert.StartsWith("unused.yaml:3:3: warning unused: features.carts: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("Product Added   1 feature", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"unused: 1 feature, 0 segments, 0 rules, 0 stages, 0 actions; 1 warning \([0-9a-f]{12}\)\n$", run.Output);
    }

    [Fact]
    public async Task Lint_prints_one_object_for_programs()
    {
        var run = (await Decide.RunAsync("lint", _folder.Write("unused.yaml", Unused), "--json")).WithoutTraces();
        Assert.Equal(0, run.Code);
        using var report = JsonDocument.Parse(run.Output);
        var finding = report.RootElement.GetProperty("findings")[0];
        Assert.Equal((0, 1), (report.RootElement.GetProperty("errors").GetInt32(), report.RootElement.GetProperty("warnings").GetInt32()));
        Assert.Equal(("unused", "warning", 3), (finding.GetProperty("rule").GetString(), finding.GetProperty("severity").GetString(), finding.GetProperty("line").GetInt32()));
        Assert.Equal("Product Added", report.RootElement.GetProperty("cost").GetProperty("events")[0].GetProperty("event").GetString());
    }

    [Fact]
    public async Task Schema_prints_the_schema_of_strategies()
    {
        var run = (await Decide.RunAsync("schema")).WithoutTraces();
        using var schema = JsonDocument.Parse(run.Output);
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", schema.RootElement.GetProperty("$schema").GetString());
        using var tests = JsonDocument.Parse((await Decide.RunAsync("schema", "--tests")).WithoutTraces().Output);
        Assert.True(tests.RootElement.GetProperty("properties").TryGetProperty("tests", out _));
    }

    [Fact]
    public async Task An_import_is_counted_and_repeated_without_harm_and_exported()
    {
        var rows = _folder.Write("rows.csv", "order,customer,at,price\no1,cli-a,2026-03-01T09:00:00Z,1.10\no1,cli-a,2026-03-01T09:00:00Z,2.20\no2,cli-b,2026-03-01T09:00:00Z,5\n");
        var map = _folder.Write("map.yaml", Map);
        var run = (await Decide.RunAsync("import", rows, "-m", map, "-a", Address)).WithoutTraces();
        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.StartsWith("rows 3  events 2  applied 2  duplicate 0  late 0  rejected 0  row errors 0\n", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, run.Output.Count(c => c == '\n'));
        Assert.StartsWith("rows 3  events 2  applied 0  duplicate 2", (await Decide.RunAsync("import", rows, "-m", map, "-a", Address)).Output, StringComparison.Ordinal);

        var target = _folder.Path("out.csv");
        Assert.Equal(0, (await Decide.RunAsync("export", "-f", "orders,spent", "-o", target, "-a", Address)).WithoutTraces().Code);
        var lines = await File.ReadAllLinesAsync(target, TestContext.Current.CancellationToken);
        Assert.Equal("customer,anonymous,sequence,orders,spent", lines[0]);
        Assert.Contains("cli-a,false,1,1,3.3", lines);
        Assert.Contains("cli-b,false,1,1,5", lines);
        Assert.False(File.Exists(target + ".part"));
    }

    [Fact]
    public async Task Decisions_asked_for_while_importing_are_made_again_without_a_difference()
    {
        var rows = _folder.Write("rows.csv", "order,customer,at,price\nd1,cli-d,2026-03-01T09:00:00Z,1.10\nd2,cli-d,2026-03-01T09:00:00Z,2.20\nd3,cli-e,2026-03-01T09:00:00Z,5\n");
        var run = (await Decide.RunAsync("import", rows, "-m", _folder.Write("map.yaml", Map), "--decide-every", "1", "-c", "web", "-p", "hero,banner", "-a", Address)).WithoutTraces();
        Assert.Equal(0, run.Code);
        Assert.EndsWith("\ndecisions 3\n", run.Output, StringComparison.Ordinal);

        var again = (await Decide.RunAsync("replay", "--decisions", "-u", "cli-d", "-a", Address)).WithoutTraces();
        Assert.Equal((0, "customers 1  decisions 2  differing 0 (0 %)\n"), (again.Code, again.Output));
        var other = (await Decide.RunAsync("replay", "--decisions", "-u", "cli-d", "--strategy", _folder.Write("sale.yaml", TestStrategies.Sale), "--show", "1", "-a", Address)).WithoutTraces();
        Assert.Equal(1, other.Code);
        Assert.Matches(@"(?s)^cli-d  \w+ .*hero 1: recorded nothing, again `sale as .*hero +sale +0 +2 +\+2.*customers 1  decisions 2  other offers 2 \(100 %\)\n$", other.Output);
        var verified = (await Decide.RunAsync("replay", "--verify", "-u", "cli-d", "-a", Address)).WithoutTraces();
        Assert.Equal((0, "customers 1  events 2  differing 0\n"), (verified.Code, verified.Output));
    }

    [Fact]
    public async Task A_customer_is_shown_as_it_was()
    {
        var rows = _folder.Write("rows.csv", "order,customer,at,price\nt1,cli-t,2026-03-01T09:00:00Z,1.10\n");
        Assert.Equal(0, (await Decide.RunAsync("import", rows, "-m", _folder.Write("map.yaml", Map), "-a", Address)).Code);

        var now = server.Clock.Now.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains("sequence 1", (await Decide.RunAsync("replay", "-u", "cli-t", "--at", now, "-a", Address)).WithoutTraces().Output, StringComparison.Ordinal);
        var before = (await Decide.RunAsync("replay", "-u", "cli-t", "--at", "2020-01-01", "-a", Address)).WithoutTraces();
        Assert.Equal((1, "decide: nothing was known of `cli-t` at 2020-01-01 00:00:00Z\n"), (before.Code, before.Errors));
    }

    [Theory]
    [InlineData("say one of --at TIME, --decisions and --verify", "replay")]
    [InlineData("say one of --at TIME, --decisions and --verify", "replay", "--decisions", "--verify")]
    [InlineData("--at shows one customer; name it with --customer", "replay", "--at", "2026-03-01")]
    [InlineData("--strategy goes with --decisions", "replay", "--verify", "--strategy", "2")]
    [InlineData("--at is `soon`; it must be a time like 2026-03-01T09:00:00Z", "replay", "-u", "ann", "--at", "soon")]
    [InlineData("--channel and --placements say what to ask for; say how often with --decide-every", "import", "FILE", "-m", "MAP", "-c", "web")]
    public async Task What_does_not_go_together_is_refused(string error, params string[] args)
    {
        var run = (await Decide.RunAsync(args)).WithoutTraces();

        Assert.Equal(2, run.Code);
        Assert.Contains(error, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_of_rows_of_mixed_quality_takes_the_good_ones_and_lists_the_others()
    {
        var rows = _folder.Write("rows.csv", "order,customer,at,price\nm1,cli-m,2026-03-01T09:00:00Z,1\nm2,cli-m,soon,1\nm3,,2026-03-01T09:00:00Z,1\nm4,cli-m,2026-03-01T09:00:00Z,x\nm5,cli-m,2099-03-01T09:00:00Z,1\nm6,cli-m,2026-03-01T09:00:00Z,1\n");
        var run = (await Decide.RunAsync("import", rows, "-m", _folder.Write("map.yaml", Map), "-a", Address)).WithoutTraces();
        Assert.Equal(1, run.Code);
        Assert.StartsWith("rows 6  events 3  applied 2  duplicate 0  late 0  rejected 1  row errors 3\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("line 3: `soon` is not a time", run.Output, StringComparison.Ordinal);
        Assert.Contains("event `m5`: events[", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_of_a_file_cut_off_records_what_comes_before_and_says_where()
    {
        var random = new Random(3);
        var text = "order,customer,at,price\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"g{i},cut-{i % 50},2026-03-01T09:00:00Z,{random.Next(100_000)}\n"));
        var rows = _folder.Write("rows.csv.gz", TempFolder.Gzip(text)[..^2000]);
        var run = (await Decide.RunAsync("import", rows, "-m", _folder.Write("map.yaml", Map), "-a", Address)).WithoutTraces();
        Assert.Equal(1, run.Code);
        Assert.Matches(@"is damaged after \d{4} rows: ", run.Errors);
        Assert.Matches(@"^rows (\d+)  events \d{4}  applied \d{4}  duplicate 0  late 0  rejected 0  row errors 0\n", run.Output);
    }

    [Fact]
    public async Task A_mapping_with_mistakes_is_refused_with_all_of_them_before_anything_is_sent()
    {
        var map = _folder.Write("map.yaml", Map.Replace("column: at", "column: when", StringComparison.Ordinal).Replace("row.price", "row.prize", StringComparison.Ordinal));
        var run = (await Decide.RunAsync("import", Made("ROWS"), "-m", map, "-a", Address)).WithoutTraces();
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains("map.yaml:2:17: `when` is not a column of the file; it has `order`, `customer`, `at`, `price`", run.Errors, StringComparison.Ordinal);
        Assert.Contains("map.yaml:6:", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_leaves_the_file_that_is_there_when_it_cannot_be_done()
    {
        var target = _folder.Write("out.csv", "kept");
        Assert.Equal(3, (await Decide.RunAsync("export", "-f", "views", "-o", target, "-a", $"http://127.0.0.1:{FreePort()}")).Code);
        Assert.Equal(1, (await Decide.RunAsync("export", "-f", "vews", "-o", target, "-a", Address)).Code);
        Assert.Equal("kept", await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken));
        var run = (await Decide.RunAsync("export", "-f", "views", "-o", "/nowhere/out.csv", "-a", Address)).WithoutTraces();
        Assert.Equal(2, run.Code);
        Assert.Contains("/nowhere/out.csv", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_played_day_is_summed_up_and_three_decisions_explained()
    {
        // The server's clock stands still; the day is moved to end now by the caller's.
        server.Clock.Now = DateTimeOffset.UtcNow;
        var run = (await Decide.RunAsync("play", Made("DAY"), "-a", Address)).WithoutTraces();
        server.Clock.Now = TestClock.Start;
        Assert.True(run.Code == 0, run.Output + run.Errors);
        Assert.StartsWith("events     4 (4 applied, 0 duplicate, 0 late, 0 rejected)", run.Output, StringComparison.Ordinal);
        Assert.Contains("customers  3\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("decisions  1, 1 answered", run.Output, StringComparison.Ordinal);
        Assert.Equal(3, run.Output.Split(", explained:").Length - 1);
        Assert.Contains("rule keen: does not hold", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_customer_and_its_next_best_action_are_printed_without_steering_the_terminal()
    {
        await server.TrackAsync(new V1.Event
        {
            MessageId = "m1", UserId = "esc", Type = V1.EventType.Identify,
            Traits = new() { Fields = { ["name"] = Google.Protobuf.WellKnownTypes.Value.ForString("[red]\u001b[2Jann\nb") } },
        });
        var customer = (await Decide.RunAsync("customer", "esc", "-a", Address)).WithoutTraces();
        Assert.Equal(0, customer.Code);
        Assert.Contains("[red]·[2Jann b", customer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', customer.Output);

        var next = (await Decide.RunAsync("next", "esc", "-x", "-a", Address)).WithoutTraces();
        Assert.Equal(0, next.Code);
        Assert.Contains("not welcome: applicability", next.Output, StringComparison.Ordinal);
        var stranger = await Decide.RunAsync("customer", "nobody", "-a", Address);
        Assert.Equal((1, "decide: nothing is known of `nobody`; a visitor is written anonymous:ID\n"), (stranger.Code, stranger.Errors));
    }

    [Fact]
    public async Task A_publication_says_the_warnings_and_the_version_or_every_mistake()
    {
        var run = (await Decide.RunAsync("publish", Made("STRATEGY"), "-a", Address)).WithoutTraces();
        Assert.Equal(0, run.Code);
        Assert.StartsWith("strategy.yaml:11:3: warning unused: features.spent: ", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"\nshop is in force as version \d+ \([0-9a-f]{12}\)\n$", run.Output);
        var broken = (await Decide.RunAsync("publish", _folder.Write("b/strategy.yaml", TestStrategies.Shop.Replace("UTC", "Nowhere", StringComparison.Ordinal)), "-a", Address)).WithoutTraces();
        Assert.Equal(1, broken.Code);
        Assert.Matches(@"^strategy\.yaml:\d+:\d+: error unknown-name: timezone: ", broken.Output);
        Assert.EndsWith("; the running strategy stays\n", broken.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_publication_brings_texts_that_are_files()
    {
        var strategy = _folder.Write("t/strategy.yaml", TestStrategies.Shop.Replace("text: \"Welcome\"", "template: in/welcome.hbs", StringComparison.Ordinal));
        _folder.Write("t/templates/in/welcome.hbs", "<p>Hello {{default profile.first_name \"you\"}}</p>");
        Assert.Equal(0, (await Decide.RunAsync("publish", Path.GetDirectoryName(strategy)!, "-a", Address)).WithoutTraces().Code);
        await server.TrackAsync(new V1.Event { MessageId = "h1", UserId = "html", Type = V1.EventType.Track, Event_ = "Product Viewed" });

        var next = (await Decide.RunAsync("next", "html", "-c", "web", "-a", Address)).WithoutTraces();

        Assert.Contains("<p>Hello you</p>", next.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await Decide.RunAsync("publish", Made("STRATEGY"), "-a", Address)).Code);
    }

    [Fact]
    public async Task A_sample_is_written_and_is_the_same_for_the_same_seed()
    {
        Assert.Equal(0, (await Decide.RunAsync("sample", "--seed", "5", "--customers", "10", "-o", _folder.Path("a.gz"))).Code);
        Assert.Equal(0, (await Decide.RunAsync("sample", "--seed", "5", "--customers", "10", "-o", _folder.Path("b.gz"))).Code);
        Assert.Equal(await File.ReadAllBytesAsync(_folder.Path("a.gz"), TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(_folder.Path("b.gz"), TestContext.Current.CancellationToken));
    }

    private string Made(string name) => name switch
    {
        "STRATEGY" => _folder.Write("shop/strategy.yaml", TestStrategies.Shop),
        "ROWS" => _folder.Write("rows.csv", "order,customer,at,price\nr1,cli-r,2026-03-01T09:00:00Z,1\n"),
        "MAP" => _folder.Write("map.yaml", Map),
        "DAY" => _folder.Write("day.jsonl", """
            {"type": "track", "messageId": "d1", "userId": "day-1", "event": "Product Viewed", "timestamp": "2026-01-15T07:00:00Z"}
            {"type": "track", "messageId": "d2", "userId": "day-2", "event": "Product Viewed", "timestamp": "2026-01-15T07:00:30Z"}

            {"type": "decide", "userId": "day-1", "channel": "web", "placements": ["hero"], "timestamp": "2026-01-15T07:01:00Z"}
            {"type": "respond", "userId": "day-1", "outcome": "CLICKED", "timestamp": "2026-01-15T07:02:00Z"}
            {"type": "track", "messageId": "d3", "anonymousId": "day-3", "event": "Product Viewed", "timestamp": "2026-01-15T07:02:00Z"}
            """),
        _ => name,
    };

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
