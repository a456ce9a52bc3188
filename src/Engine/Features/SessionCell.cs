using System.Collections.Immutable;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Features;

/// <summary>
/// Sessions: events with no longer gap than one between them belong together. The newest ones are kept as first and last instant: up to
/// <see cref="Limits.SessionsMax"/> for windows (more are not counted), 16 for all time, where those before are counted on. A session is in a window, exactly, while its
/// last event is. An event that comes in later than all that is kept changes nothing. 72 bytes, and 16 for each session kept.
/// </summary>
internal sealed class SessionCell(ulong key, CellKind kind) : Cell(key, kind)
{
    private const int AllTimeKept = 16;

    // By time.
    private Session[] _sessions = [];
    private bool _ownsSessions;
    private long _before;

    /// <summary>How many sessions had an event after an instant.</summary>
    public long After(long edge)
    {
        var at = _sessions.Length;
        while (at > 0 && _sessions[at - 1].End > edge)
        {
            at--;
        }

        return _sessions.Length - at;
    }

    /// <summary>How many sessions there were.</summary>
    public long All => _before + _sessions.Length;

    public override bool TakesIn(in Occurrence occurrence, CellPlan plan)
    {
        var edge = plan.Windows.IsEmpty ? long.MinValue : occurrence.Now - plan.Windows[^1].Length;
        return occurrence.At > edge && !(_before > 0 && occurrence.At + plan.Gap < _sessions[0].Start);
    }

    public override bool Add(in Occurrence occurrence, CellPlan plan)
    {
        if (!TakesIn(in occurrence, plan))
        {
            return false;
        }

        var (at, gap) = (occurrence.At, plan.Gap);
        var before = _sessions.Length;
        while (before > 0 && _sessions[before - 1].End + gap >= at)
        {
            before--;
        }

        var after = before;
        var session = new Session(at, at);
        while (after < _sessions.Length && _sessions[after].Start - gap <= at)
        {
            session = new(Math.Min(session.Start, _sessions[after].Start), Math.Max(session.End, _sessions[after].End));
            after++;
        }

        if (after == before + 1 && session == _sessions[before])
        {
            return false;
        }

        if (after == before + 1)
        {
            // The most frequent by far: a session goes on.
            (_sessions, _ownsSessions) = (_ownsSessions ? _sessions : [.. _sessions], true);
            _sessions[before] = session;
            LeavesAt = NextLeave(plan.Windows, occurrence.Now);
            return true;
        }

        (_sessions, _ownsSessions) = ([.. _sessions[..before], session, .. _sessions[after..]], true);
        var most = IsForWindows ? Limits.SessionsMax : AllTimeKept;
        if (_sessions.Length > most)
        {
            _sessions = _sessions[1..];
            _before++;
        }

        LeavesAt = NextLeave(plan.Windows, occurrence.Now);
        return true;
    }

    public override bool Expire(long now, CellPlan plan)
    {
        var edge = now - plan.Windows[^1].Length;
        _sessions = Array.FindAll(_sessions, session => session.End > edge);
        _before = _sessions.Length < Limits.SessionsMax ? 0 : _before;
        LeavesAt = NextLeave(plan.Windows, now);
        return _sessions.Length > 0;
    }

    public override long NextChangeAt(Feature feature, long now) => feature.Window is { } window ? NextLeave([window], now) : long.MaxValue;

    /// <summary>A session each, by time; before them, if there are any, how many there were before in one with the bucket 1.</summary>
    public override ImmutableArray<FeatureCellEntry> ToEntries() =>
        [.. _before == 0 ? [] : new[] { new FeatureCellEntry(1, _before, 0, Value.Null) },
            .. _sessions.Select(session => new FeatureCellEntry(0, session.Start, session.End, Value.Null))];

    public static SessionCell Read(FeatureCell stored) => new(stored.Key, stored.Kind)
    {
        _before = stored.Entries.Where(entry => entry.Bucket == 1).Select(entry => entry.First).FirstOrDefault(),
        _sessions = [.. stored.Entries.Where(entry => entry.Bucket == 0).Select(entry => new Session(entry.First, entry.Second))],
        LeavesAt = stored.LeavesAt,
    };

    protected override void Unshare() => _ownsSessions = false;

    private long NextLeave(ReadOnlySpan<Window> windows, long now)
    {
        var least = long.MaxValue;
        foreach (ref readonly var window in windows)
        {
            foreach (ref readonly var session in _sessions.AsSpan())
            {
                var leaves = session.End + window.Length;
                least = leaves > now && leaves < least ? leaves : least;
            }
        }

        return least;
    }

    private readonly record struct Session(long Start, long End);
}
