using Decisioning.Cli.Tests.Support;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;
using Decisioning.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Decisioning.Cli.Tests.Commands;

[Collection<TakesConsole>]
public sealed class DbCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Data => _folder.Path("data");

    [Fact]
    public async Task Status_says_what_the_store_holds_a_line_each()
    {
        await WriteAsync(events: 3);

        var run = (await Decide.RunAsync("db", "status", "--data", Data)).WithoutTraces();

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains($"place       {Data}\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("pending     none\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("customers   1\nevents      3\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_folder_may_be_given_as_the_engines_own_environment_variable()
    {
        await WriteAsync(events: 1);
        Environment.SetEnvironmentVariable("Storage__DataFolder", Data);
        try
        {
            Assert.Contains("events      1\n", (await Decide.RunAsync("db", "status")).Output, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("Storage__DataFolder", null);
        }
    }

    [Fact]
    public async Task The_commands_of_the_operations_page_copy_a_store_and_restore_it()
    {
        await WriteAsync(events: 5);
        var page = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "operations.md"));
        var backup = Assert.Single(page, line => line.StartsWith("decide db backup --data", StringComparison.Ordinal));
        Assert.Contains("mkdir restored && cp backup.db restored/decisioning.db", page);

        var run = (await Decide.RunAsync([.. backup.Split(' ')[1..].Select(InFolder)])).WithoutTraces();

        Assert.True(run.Code == ExitCode.Ok, run.Errors);
        Assert.Contains("1 customers, 5 events", run.Output, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder.Path("restored"));
        File.Copy(_folder.Path("backup.db"), _folder.Path("restored/decisioning.db"));
        Assert.Contains("events      5\n", (await Decide.RunAsync("db", "status", "--data", _folder.Path("restored"))).Output, StringComparison.Ordinal);
        Assert.Contains("nothing to do", (await Decide.RunAsync("db", "migrate", "--data", _folder.Path("restored"))).Output, StringComparison.Ordinal);

        string InFolder(string word) => word.StartsWith('-') || word is "db" or "backup" ? word : _folder.Path(word);
    }

    [Theory]
    [InlineData("there is no database", "status", "--data", "nowhere")]
    [InlineData("needs the server", "status", "--storage", "postgres")]
    [InlineData("pg_dump --format=custom --schema=decisioning --host=db --port=5432 --username=me --file=", "backup", "--storage", "postgres", "--postgres", "Host=db;Username=me;Password=geheim", "--to", "x")]
    [InlineData("cannot be read", "status", "--storage", "postgres", "--postgres", "Host=/nowhere;Username=me")]
    [InlineData("names no server", "migrate", "--storage", "postgres", "--postgres", "Username=me;Password=geheim")]
    public async Task What_cannot_be_done_is_said_in_a_sentence_without_a_password(string said, params string[] args)
    {
        var run = (await Decide.RunAsync(["db", .. args])).WithoutTraces();

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", run.Output + run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_an_engine_has_is_counted_and_copied_but_not_migrated()
    {
        await WriteAsync(events: 2);
        await using var engine = Engine();
        engine.GetRequiredService<ICustomerLog>();

        Assert.Equal(ExitCode.Ok, (await Decide.RunAsync("db", "status", "--data", Data)).Code);
        Assert.Equal(ExitCode.Ok, (await Decide.RunAsync("db", "backup", "--data", Data, "--to", _folder.Path("copy.db"))).Code);
        var run = await Decide.RunAsync("db", "migrate", "--data", Data);
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("another engine runs on it", run.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private ServiceProvider Engine()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddDecisioningStorage(options => options.DataFolder = Data);
        return services.BuildServiceProvider();
    }

    private async Task WriteAsync(int events)
    {
        await using var engine = Engine();
        var at = new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
        var written = Enumerable.Range(1, events)
            .Select(i => new RecordedEvent(i, 1, new CustomerEvent($"m{i}", EventType.Track, "Seen", at, at, PropertyMap.Empty, PropertyMap.Empty)));
        await engine.GetRequiredService<ICustomerLog>().AppendAsync(CustomerKey.User("default", "ann"), 0, [.. written], dueAt: null, CancellationToken.None);
    }
}
