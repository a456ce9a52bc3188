using System.Diagnostics;

namespace Decisioning.Tests.Shared;

/// <summary>A script of another language that a test talks with, a line at a time, while it runs.</summary>
public sealed class ForeignProcess : IAsyncDisposable
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly OutputLines _lines = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Takes over a process that was just started with all its streams redirected.</summary>
    public ForeignProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => _lines.Add(line.Data);
        _process.ErrorDataReceived += (_, line) => _lines.Add(line.Data);
        _process.Exited += (_, _) => _ended.TrySetResult();
        _process.EnableRaisingEvents = true;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Waits for a line that holds a text, printed from now on or already, and returns it; fails with the output when it does not come.</summary>
    public async Task<string> PrintsAsync(string text)
    {
        var line = _lines.FirstAsync(line => line.Contains(text, StringComparison.Ordinal));
        try
        {
            await Task.WhenAny(line, _ended.Task).WaitAsync(WaitMax);
        }
        catch (TimeoutException)
        {
            // Told below, with what it did print.
        }

        Assert.True(line.IsCompleted, $"it did not print `{text}` but:\n{_lines}");
        return await line;
    }

    /// <summary>Its number.</summary>
    public int Id => _process.Id;

    /// <summary>Types a line.</summary>
    public Task SayAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    /// <summary>Ends its input and waits for its end.</summary>
    public async Task<ForeignRun> EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(WaitMax);
        return new ForeignRun(_process.ExitCode, _lines.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
