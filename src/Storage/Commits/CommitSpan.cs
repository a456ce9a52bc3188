using System.Diagnostics;

namespace Decisioning.Storage.Commits;

/// <summary>The trace of a commit: it belongs to none of those it writes for, and links to each of them.</summary>
internal static class CommitSpan
{
    // As many as OpenTelemetry keeps of a span.
    private const int LinksMax = 128;

    private static readonly ActivitySource Source = new("Decisioning.Storage");

    /// <summary>What asks for work now; null where nobody traces, at the cost of looking.</summary>
    public static Activity? Asking() => Source.HasListeners() ? Activity.Current : null;

    /// <summary>Begins it; null where nobody traces.</summary>
    public static Activity? Start<TBatch>(List<Work<TBatch>> work) => Source.HasListeners()
        ? Source.StartActivity(
            ActivityKind.Internal,
            parentContext: default,
            links: work.Where(piece => piece.AskedBy is not null).Take(LinksMax).Select(piece => new ActivityLink(piece.AskedBy!.Context)).ToList(),
            name: "commit")
        : null;

    /// <summary>Ends it.</summary>
    public static void End(Activity? span, int rows, bool isFailed)
    {
        span?.SetTag("messaging.batch.message_count", rows);
        if (isFailed)
        {
            span?.SetStatus(ActivityStatusCode.Error);
        }

        span?.Dispose();
    }
}
