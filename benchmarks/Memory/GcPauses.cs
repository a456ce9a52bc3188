using System.Diagnostics.Tracing;

namespace Decisioning.Benchmarks.Memory;

/// <summary>How long the runtime held all threads, each time: from when it began to stop them until they went on.</summary>
internal sealed class GcPauses : EventListener
{
    private const EventKeywords Gc = (EventKeywords)1;

    // Of the runtime's own provider; the numbers are documented and do not change.
    private const int SuspendBegin = 9;
    private const int RestartEnd = 3;

    private readonly Lock _lock = new();
    private readonly List<double> _milliseconds = [];
    private DateTime _since;

    /// <summary>The pauses since the last time, in milliseconds.</summary>
    public double[] Take()
    {
        lock (_lock)
        {
            double[] taken = [.. _milliseconds];
            _milliseconds.Clear();
            return taken;
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
        {
            EnableEvents(eventSource, EventLevel.Informational, Gc);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        lock (_lock)
        {
            if (eventData.EventId == SuspendBegin)
            {
                _since = eventData.TimeStamp;
            }
            else if (eventData.EventId == RestartEnd && _since != default)
            {
                _milliseconds.Add((eventData.TimeStamp - _since).TotalMilliseconds);
                _since = default;
            }
        }
    }
}
