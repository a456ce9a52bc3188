using System.Collections.Concurrent;

namespace Decisioning.Storage.Sqlite;

/// <summary>Connections that read, at most so many at once; more callers wait.</summary>
internal sealed class ReaderPool(DataFolder folder, int size) : IDisposable
{
    private readonly SemaphoreSlim _places = new(size);
    private readonly ConcurrentBag<LogReader> _idle = [];
    private volatile bool _closed;

    /// <summary>Reads something on one connection, as of one instant. A connection that failed is not used again.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<LogReader, T> read, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        LogReader? reader = null;
        try
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            reader = _idle.TryTake(out var idle) ? idle : new LogReader(folder.OpenReader());
            reader.Begin();
            var result = read(reader);
            reader.End();
            _idle.Add(reader);
            reader = null;
            return result;
        }
        finally
        {
            reader?.Dispose();
            _places.Release();
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var reader))
        {
            reader.Dispose();
        }

        _places.Dispose();
    }
}
