using System.Collections.Concurrent;

namespace Decisioning.PackageTests;

/// <summary>Signals between a test and the grains it drives: they live in one process, and nobody sleeps.</summary>
public static class Gates
{
    private static readonly ConcurrentDictionary<string, TaskCompletionSource> ByName = new();

    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(20);

    public static Task Wait(string name) => Source(name).Task.WaitAsync(Patience);

    public static void Open(string name) => Source(name).TrySetResult();

    public static bool IsOpen(string name) => Source(name).Task.IsCompleted;

    /// <summary>A new name, and with it keys that no other test uses.</summary>
    public static string NewName() => Guid.NewGuid().ToString("N");

    private static TaskCompletionSource Source(string name) =>
        ByName.GetOrAdd(name, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}

/// <summary>What grains and tests note, in order.</summary>
public static class Notes
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<string>> ByName = new();

    public static void Add(string name, string note) => ByName.GetOrAdd(name, static _ => new()).Enqueue(note);

    public static string[] Of(string name) => ByName.TryGetValue(name, out var notes) ? [.. notes] : [];
}
