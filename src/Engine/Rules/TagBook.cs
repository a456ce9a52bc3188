using System.Collections.Immutable;

namespace Decisioning.Engine.Rules;

/// <summary>The tags of a customer after a rule gave one.</summary>
internal static class TagBook
{
    /// <summary>Gives a tag, or renews one that is carried: its expiry starts anew, its level and evidence are the new ones.</summary>
    /// <param name="tags">The tags carried now, none of them expired; by name in ordinal order.</param>
    /// <param name="tag">What the rule gives.</param>
    /// <param name="evidence">What it is given for.</param>
    /// <param name="now">The instant.</param>
    /// <param name="isNew">Whether the customer did not carry it, or carries it at another level now.</param>
    /// <param name="left">The tag that made room, the one that would have expired first; null for none.</param>
    public static ImmutableArray<TagState> Give(
        ImmutableArray<TagState> tags, RuleEffect.Tag tag, string evidence, DateTimeOffset now, out bool isNew, out string? left)
    {
        left = null;
        var end = tag.Expires is { } expires ? Later(now, expires) : (DateTimeOffset?)null;
        var at = 0;
        while (at < tags.Length && string.CompareOrdinal(tags[at].Name, tag.Name) < 0)
        {
            at++;
        }

        if (at < tags.Length && tags[at].Name == tag.Name)
        {
            var carried = tags[at];
            isNew = carried.Level != tag.Level;
            return tags.SetItem(at, carried with { Level = tag.Level, Evidence = evidence, ExpiresAt = end });
        }

        isNew = true;
        var next = tags.Insert(at, new(tag.Name, tag.Level, evidence, now, end));
        if (next.Length <= Limits.TagsPerCustomerMax)
        {
            return next;
        }

        var first = at == 0 ? 1 : 0;
        for (var i = first + 1; i < next.Length; i++)
        {
            if (i != at && (next[i].ExpiresAt ?? DateTimeOffset.MaxValue) < (next[first].ExpiresAt ?? DateTimeOffset.MaxValue))
            {
                first = i;
            }
        }

        left = next[first].Name;
        return next.RemoveAt(first);
    }

    // At the end of the calendar it stays there.
    private static DateTimeOffset Later(DateTimeOffset at, TimeSpan span) =>
        span > DateTimeOffset.MaxValue - at ? DateTimeOffset.MaxValue : at + (span < TimeSpan.Zero ? TimeSpan.Zero : span);
}
