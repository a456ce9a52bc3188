namespace Decisioning.Engine.Policies;

/// <summary>What a cap counted that is reached. Of hundreds of actions that it binds, each asks the same.</summary>
/// <param name="cap">The cap.</param>
internal sealed class ReachedCap(ContactCap cap)
{
    private readonly List<Counted> _counted = [];
    private DateTimeOffset? _letsAt;

    /// <summary>The cap.</summary>
    public ContactCap Cap => cap;

    /// <summary>How many the decision at hand did not choose.</summary>
    public int Before { get; private set; }

    /// <summary>How many it chose.</summary>
    public int Chosen => _counted.Count - Before;

    /// <summary>The earliest of those that it did not choose.</summary>
    public DateTimeOffset First { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>The latest of all.</summary>
    public DateTimeOffset Last { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>When it lets through again if nothing but time passes; null for never.</summary>
    public DateTimeOffset? LetsAt => cap.AtMost == 0 ? null
        // When fewer than AtMost are left, which is when the AtMost-th to leave from the end has left.
        : _letsAt ??= _counted.Select(one => one.LeavesAt(cap.Within)).OrderDescending().ElementAt(cap.AtMost - 1);

    /// <summary>Adds something that it counted.</summary>
    public void Add(in Counted counted)
    {
        _counted.Add(counted);
        Last = counted.At > Last ? counted.At : Last;
        if (!counted.IsChosenNow)
        {
            Before++;
            First = counted.At < First ? counted.At : First;
        }
    }
}
