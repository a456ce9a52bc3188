using System.Collections.Concurrent;
using Decisioning.Storage.Sqlite;
using Microsoft.Extensions.Logging;

namespace Decisioning.Storage.Tests.Sqlite;

/// <summary>Keeps what the store says.</summary>
internal sealed class CapturedLog : ILogger<SqliteStore>
{
    private const int OpenedEvent = 200;

    private readonly TaskCompletionSource _openedAgain = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _opened;

    public ConcurrentQueue<string> Messages { get; } = [];

    /// <summary>Ends when the database was opened for the second time.</summary>
    public Task OpenedAgain => _openedAgain.Task;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Messages.Enqueue(formatter(state, exception));
        if (eventId.Id == OpenedEvent && Interlocked.Increment(ref _opened) == 2)
        {
            _openedAgain.TrySetResult();
        }
    }
}
