using System.Diagnostics;
using Decisioning.Storage.Sqlite;

namespace Decisioning.Storage.Tests.Sqlite;

/// <summary>A process that writes is killed, and what it had acknowledged is looked for.</summary>
public sealed class CrashTests(ITestOutputHelper output) : IDisposable
{
    // The test program itself, however it was started: `dotnet X.dll` would make the process path `dotnet`.
    private static readonly string Program = Path.ChangeExtension(typeof(CrashTests).Assembly.Location, null);

    private readonly TestStore _test = new();
    private readonly Dictionary<int, long> _acknowledged = [];

    [Theory, InlineData(11), InlineData(12), InlineData(13)]
    public async Task Killing_the_process_loses_nothing_acknowledged_and_doubles_nothing(int seed)
    {
        var random = new Random(seed);
        for (var kill = 0; kill < 4; kill++)
        {
            var lines = random.Next(1, 400);
            using (var child = Start(Program, CrashChild.Mode, _test.Folder, $"{seed + kill}"))
            {
                for (var line = 0; line < lines; line++)
                {
                    Note(await child.StandardOutput.ReadLineAsync());
                }

                child.Kill();
                while (await child.StandardOutput.ReadLineAsync() is { } line)
                {
                    Note(line);
                }

                await child.WaitForExitAsync();
            }

            output.WriteLine($"seed {seed}, kill {kill} after {lines} acknowledgements: {string.Join(", ", _acknowledged)}");
            await AssertNothingLostAsync();
        }
    }

    [Fact]
    public async Task A_file_that_may_not_grow_fails_the_append_with_a_reason_and_loses_nothing_acknowledged()
    {
        Assert.SkipWhen(!OperatingSystem.IsLinux(), "limits of the file size are set by a shell on Linux only");

        // Without W^X: the runtime's own double mapping is a file that may not grow either.
        using var child = Start("/bin/bash", "-c", $"trap '' XFSZ; ulimit -f 600; export DOTNET_EnableWriteXorExecute=0; exec \"$0\" {CrashChild.Mode} \"$1\" 5", Program, _test.Folder);
        var failures = new List<string>();
        while (await child.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("failed ", StringComparison.Ordinal))
            {
                failures.Add(line);
            }
            else
            {
                Note(line);
            }
        }

        await child.WaitForExitAsync();
        Assert.NotEmpty(failures);
        Assert.Contains("the disk", failures[0], StringComparison.Ordinal);
        Assert.NotEmpty(_acknowledged);
        await AssertNothingLostAsync();
    }

    public void Dispose() => _test.Dispose();

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;

    private void Note(string? line)
    {
        var parts = line?.Split(' ') ?? [];
        Assert.True(parts is [_, _] && int.TryParse(parts[0], out _), $"the child said `{line}`");
        _acknowledged[int.Parse(parts[0])] = long.Parse(parts[1]);
    }

    private async Task AssertNothingLostAsync()
    {
        using var store = _test.Open();
        foreach (var (number, acknowledged) in _acknowledged)
        {
            var customer = Samples.Customer(number);
            var history = await store.LoadAsync(customer, Samples.Start, CancellationToken.None);
            Assert.InRange(history.Sequence, acknowledged, long.MaxValue);
            Assert.Equal(CrashChild.DueAt(history.Sequence), history.DueAt);

            // Every event is there once, and is known by its message id, whatever index it is in.
            var from = history.Snapshot?.Sequence ?? 0;
            Assert.Equal(
                Enumerable.Range(1, history.Tail.Length).Select(i => CrashChild.MessageId(number, from + i)),
                history.Tail.Select(recorded => recorded.Event.MessageId));
            foreach (var sequence in new[] { 1, (acknowledged + 1) / 2, acknowledged })
            {
                var again = new Samples(1).Event(history.Sequence + 1, CrashChild.MessageId(number, sequence));
                var result = await store.AppendAsync(customer, history.Sequence, [again], null, CancellationToken.None);
                Assert.Equal(sequence, Assert.IsType<AppendResult.KnownMessages>(result).Messages.Single().Sequence);
            }
        }
    }
}
