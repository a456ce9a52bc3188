namespace Decisioning.Gateway.Http.CloudEvents;

/// <summary>Says the paths of our API's fields as those of CloudEvents: <c>events[0].properties.price</c> is <c>[7].data.price</c>.</summary>
internal static class CloudEventPaths
{
    private static readonly (string Ours, string Theirs)[] Names =
    [
        ("message_id", "id"), ("event", "type"), ("user_id", "subject"), ("anonymous_id", "anonymousid"), ("timestamp", "time"), ("properties", "data"),
    ];

    /// <summary>The path of a field of one event.</summary>
    /// <param name="field">The path in a request of ours.</param>
    public static string OfOne(string field)
    {
        var own = field[(field.IndexOf(']', StringComparison.Ordinal) + 1)..].TrimStart('.');
        foreach (var (ours, theirs) in Names)
        {
            if (own.StartsWith(ours, StringComparison.Ordinal) && (own.Length == ours.Length || own[ours.Length] is '.' or '['))
            {
                return theirs + own[ours.Length..];
            }
        }

        return own;
    }

    /// <summary>The path of a field in a batch.</summary>
    /// <param name="field">The path in a request of ours.</param>
    /// <param name="place">The event's place in the batch, from 0.</param>
    public static string OfBatch(string field, int place) => $"[{place}].{OfOne(field)}";
}
