namespace Decisioning.Gateway.Http.Segment;

/// <summary>Says the paths of our API's fields as those of Segment: <c>events[0].user_id</c> is <c>batch[7].userId</c>.</summary>
internal static class SegmentPaths
{
    /// <summary>The path of a field in a batch.</summary>
    /// <param name="field">The path in the request it was translated to.</param>
    /// <param name="place">The event's place in the batch, from 0.</param>
    public static string OfBatch(string field, int place) => $"{SegmentReader.List}[{place}].{Name(field[(field.IndexOf(']', StringComparison.Ordinal) + 1)..].TrimStart('.'))}";

    /// <summary>The path of a field in a call with one event.</summary>
    /// <param name="field">The path in a batch of one.</param>
    public static string OfOne(string field) =>
        field.StartsWith(SegmentReader.List + "[0].", StringComparison.Ordinal) ? field[(SegmentReader.List.Length + 4)..] : field;

    // Only the first name is the API's; what follows is the sender's own.
    private static string Name(string field)
    {
        var end = field.IndexOfAny(['.', '[']);
        var name = end < 0 ? field : field[..end];
        return string.Concat(name.Split('_').Select((word, i) => i == 0 || word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..])) + field[name.Length..];
    }
}
