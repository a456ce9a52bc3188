using System.Globalization;
using StackExchange.Redis;

namespace Decisioning.LoadTests.Stateless;

/// <summary>How often each action was offered to a customer, by day: a hash in Redis that counts without being read first.</summary>
internal sealed class ContactCounts
{
    private readonly List<(int Day, string Action, int Count)> _counts = [];

    /// <summary>Reads the hash as Redis gives it.</summary>
    public static ContactCounts Read(HashEntry[] hash)
    {
        var counts = new ContactCounts();
        foreach (var entry in hash)
        {
            var field = (string)entry.Name!;
            if (field.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
                && int.TryParse(field.AsSpan(0, colon), CultureInfo.InvariantCulture, out var day)
                && entry.Value.TryParse(out int count))
            {
                counts.Add(day, field[(colon + 1)..], count);
            }
        }

        return counts;
    }

    /// <summary>The field of an action on a day.</summary>
    public static string FieldOf(int day, string action) => string.Create(CultureInfo.InvariantCulture, $"{day}:{action}");

    /// <summary>Adds a count.</summary>
    public void Add(int day, string action, int count) => _counts.Add((day, action, count));

    /// <summary>All counts as fields of the hash.</summary>
    public IEnumerable<(string Field, int Count)> Fields => _counts.Select(count => (FieldOf(count.Day, count.Action), count.Count));

    /// <summary>The fields of days before a day.</summary>
    public IEnumerable<string> Before(int day) => _counts.Where(count => count.Day < day).Select(count => FieldOf(count.Day, count.Action));

    /// <summary>What each cap has counted by a day, by what it counts together.</summary>
    public Dictionary<string, int>[] ByCap(ServicePlan plan, int today)
    {
        var byCap = new Dictionary<string, int>[plan.Caps.Count];
        for (var cap = 0; cap < byCap.Length; cap++)
        {
            var first = today - (int)Math.Ceiling(plan.Caps[cap].Within.TotalDays) + 1;
            var counted = byCap[cap] = new(StringComparer.Ordinal);
            foreach (var (day, action, count) in _counts)
            {
                if (day >= first && plan.KeysByAction.TryGetValue(action, out var keys))
                {
                    counted[keys[cap]] = counted.GetValueOrDefault(keys[cap]) + count;
                }
            }
        }

        return byCap;
    }
}
