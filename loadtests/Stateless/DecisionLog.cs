using System.Threading.Channels;
using Npgsql;

namespace Decisioning.LoadTests.Stateless;

/// <summary>Records decisions behind their answers, many in a transaction; decisions wait where it cannot keep up.</summary>
internal sealed class DecisionLog : IAsyncDisposable
{
    private const int WaitingMax = 10_000;
    private const int TogetherMax = 500;
    private static readonly TimeSpan BeforeNextTry = TimeSpan.FromSeconds(1);
    private readonly Channel<LoggedDecision> _made = Channel.CreateBounded<LoggedDecision>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });
    private readonly ServiceDatabase _database;
    private readonly Task _running;

    /// <param name="database">Where to.</param>
    public DecisionLog(ServiceDatabase database)
    {
        _database = database;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Takes a decision.</summary>
    public ValueTask AddAsync(LoggedDecision decision) => _made.Writer.WriteAsync(decision);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _made.Writer.TryComplete();
        await _running;
    }

    private async Task RunAsync()
    {
        List<LoggedDecision> batch = [];
        while (await _made.Reader.WaitToReadAsync())
        {
            while (batch.Count < TogetherMax && _made.Reader.TryRead(out var decision))
            {
                batch.Add(decision);
            }

            try
            {
                await _database.WriteAsync(batch);
            }
            catch (NpgsqlException e)
            {
                await Console.Error.WriteLineAsync($"{batch.Count} decisions were not recorded: {e.Message}");
                await Task.Delay(BeforeNextTry);
            }

            batch.Clear();
        }
    }
}
