namespace Decisioning.Tests.Shared;

/// <summary>What a process prints, line by line, for those who wait for a line.</summary>
internal sealed class OutputLines
{
    private readonly List<string> _lines = [];
    private readonly List<(Predicate<string> Wanted, TaskCompletionSource<string> Seen)> _awaited = [];

    /// <summary>Adds a line; the end of the output is null and is left out.</summary>
    public void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Add(line);
            foreach (var (wanted, seen) in _awaited)
            {
                if (wanted(line))
                {
                    seen.TrySetResult(line);
                }
            }
        }
    }

    /// <summary>A line that is printed from now on or was printed already.</summary>
    public Task<string> FirstAsync(Predicate<string> wanted)
    {
        lock (_lines)
        {
            if (_lines.Find(wanted) is { } line)
            {
                return Task.FromResult(line);
            }

            var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((wanted, seen));
            return seen.Task;
        }
    }

    public override string ToString()
    {
        lock (_lines)
        {
            return string.Join('\n', _lines);
        }
    }
}
