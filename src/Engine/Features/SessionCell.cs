using System.Collections.Immutable;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Features;

/// <summary>
/// Sessions: events with no longer gap than one between them belong together. The newest ones are kept as first and last instant: up to
/// <see cref="Limits.SessionsMax"/> for windows (more are not counted), 16 for all time, where those before are counted on. A session is in a window, exactly, while its
/// last event is. An event that comes in later than all that is kept changes nothing. 72 bytes, and 16 for each older session kept.
/// </summary>
internal sealed record SessionCell : Cell
{
    private const int AllTimeKept = 16;

    // By time. The newest lies in the cell itself, so that a session that goes on costs no copy of the others.
    private Session[] _older = [];
    private Session _newest = Session.None;
    private long _before;

    public SessionCell(ulong key, CellKind kind)
        : base(key, kind)
    {
    }

    private int Kept => _newest == Session.None ? 0 : _older.Length + 1;

    private Session this[int place] => place < _older.Length ? _older[place] : _newest;

    /// <summary>How many sessions had an event after an instant.</summary>
    public long After(long edge)
    {
        var at = Kept;
        while (at > 0 && this[at - 1].End > edge)
        {
            at--;
        }

        return Kept - at;
    }

    /// <summary>How many sessions there were.</summary>
    public long All => _before + Kept;

    public override bool TakesIn(in Occurrence occurrence, CellPlan plan)
    {
        var edge = plan.Windows.IsEmpty ? long.MinValue : occurrence.Now - plan.Windows[^1].Length;
        return occurrence.At > edge && !(_before > 0 && occurrence.At + plan.Gap < this[0].Start);
    }

    public override bool Add(in Occurrence occurrence, CellPlan plan)
    {
        if (!TakesIn(in occurrence, plan))
        {
            return false;
        }

        var (at, gap) = (occurrence.At, plan.Gap);
        var before = Kept;
        while (before > 0 && this[before - 1].End + gap >= at)
        {
            before--;
        }

        var after = before;
        var session = new Session(at, at);
        while (after < Kept && this[after].Start - gap <= at)
        {
            session = new(Math.Min(session.Start, this[after].Start), Math.Max(session.End, this[after].End));
            after++;
        }

        if (after == before + 1 && session == this[before])
        {
            return false;
        }

        if (before == _older.Length && after == Kept)
        {
            // The most frequent by far: the newest session goes on, or is the first.
            _newest = session;
        }
        else
        {
            Session[] all = Kept == 0 ? [] : [.. _older, _newest];
            Keep([.. all.AsSpan(..before), session, .. all.AsSpan(after..)]);
            if (Kept > (IsForWindows ? Limits.SessionsMax : AllTimeKept))
            {
                _older = _older[1..];
                _before++;
            }
        }

        LeavesAt = NextLeave(plan.Windows, occurrence.Now);
        return true;
    }

    public override bool Expire(long now, CellPlan plan)
    {
        var edge = now - plan.Windows[^1].Length;
        Keep([.. _older.Append(_newest).Where(session => session != Session.None && session.End > edge)]);
        _before = Kept < Limits.SessionsMax ? 0 : _before;
        LeavesAt = NextLeave(plan.Windows, now);
        return Kept > 0;
    }

    public override long NextChangeAt(Feature feature, long now) => feature.Window is { } window ? NextLeave([window], now) : long.MaxValue;

    /// <summary>A session each, by time; before them, if there are any, how many there were before in one with the bucket 1.</summary>
    public override ImmutableArray<FeatureCellEntry> ToEntries()
    {
        var entries = ImmutableArray.CreateBuilder<FeatureCellEntry>(Kept + 1);
        if (_before > 0)
        {
            entries.Add(new(1, _before, 0, Value.Null));
        }

        for (var i = 0; i < Kept; i++)
        {
            entries.Add(new(0, this[i].Start, this[i].End, Value.Null));
        }

        return entries.DrainToImmutable();
    }

    public static SessionCell Read(FeatureCell stored)
    {
        var cell = new SessionCell(stored.Key, stored.Kind)
        {
            _before = stored.Entries.Where(entry => entry.Bucket == 1).Select(entry => entry.First).FirstOrDefault(),
            LeavesAt = stored.LeavesAt,
        };
        cell.Keep([.. stored.Entries.Where(entry => entry.Bucket == 0).Select(entry => new Session(entry.First, entry.Second))]);
        return cell;
    }

    private void Keep(Session[] sessions) => (_older, _newest) = sessions.Length == 0 ? ([], Session.None) : (sessions[..^1], sessions[^1]);

    private long NextLeave(ReadOnlySpan<Window> windows, long now)
    {
        var least = long.MaxValue;
        foreach (ref readonly var window in windows)
        {
            // By time: the first that has not left is the first to leave.
            for (var i = 0; i < Kept; i++)
            {
                if (this[i].End + window.Length is var leaves && leaves > now)
                {
                    least = Math.Min(least, leaves);
                    break;
                }
            }
        }

        return least;
    }

    private readonly record struct Session(long Start, long End)
    {
        /// <summary>No session: ends before it starts.</summary>
        public static Session None { get; } = new(long.MaxValue, long.MinValue);
    }
}
