using System.Diagnostics;
using Decisioning.V1;

namespace Decisioning.Cli.Import;

/// <summary>What became of the events of an import. Safe for concurrent use.</summary>
internal sealed class SendReport
{
    /// <summary>Mistakes kept for the end of an import; the rest is only counted.</summary>
    public const int ExamplesMax = 20;

    private readonly Lock _gate = new();
    private readonly List<string> _examples = [];
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _rowErrors;
    private long _sent;

    public long SentEvents => Interlocked.Read(ref _sent);

    public long RowErrors => Interlocked.Read(ref _rowErrors);

    public long Applied { get; private set; }

    public long Duplicates { get; private set; }

    public long Late { get; private set; }

    public long Rejected { get; private set; }

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    public long Acknowledgements => Applied + Duplicates + Late + Rejected;

    public double EventsPerSecond => Acknowledgements / Math.Max(Elapsed.TotalSeconds, 0.001);

    /// <summary>The first mistakes, for people.</summary>
    public IReadOnlyList<string> Examples
    {
        get
        {
            lock (_gate)
            {
                return [.. _examples];
            }
        }
    }

    public void Sent(int events) => Interlocked.Add(ref _sent, events);

    public void RowError(long line, string message)
    {
        Interlocked.Increment(ref _rowErrors);
        Example($"line {line}: {message}");
    }

    public void Acknowledged(IEnumerable<EventAck> acks)
    {
        lock (_gate)
        {
            foreach (var ack in acks)
            {
                switch (ack.Status)
                {
                    case EventStatus.Applied:
                        Applied++;
                        break;
                    case EventStatus.Duplicate:
                        Duplicates++;
                        break;
                    case EventStatus.LateApplied:
                        Late++;
                        break;
                    default:
                        Rejected++;
                        Example($"event `{ack.MessageId}`: " + string.Join("; ", ack.Violations.Select(v => $"{v.Field} {v.Description}, {v.Cure}")));
                        break;
                }
            }
        }
    }

    private void Example(string text)
    {
        lock (_gate)
        {
            if (_examples.Count < ExamplesMax)
            {
                _examples.Add(text);
            }
        }
    }
}
