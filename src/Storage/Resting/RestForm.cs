using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Features;
using Decisioning.Engine.Journeys;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Scoring;

namespace Decisioning.Storage.Resting;

/// <summary>
/// States of customers nobody asks for, as few bytes in memory: names as numbers, instants by how far they are from the newest event. Never stored and never sent:
/// another process has other numbers for names. What is read is what was written, as far as the stored form tells (<see cref="StoredForm.AreSame"/>).
/// </summary>
public static class RestForm
{
    private const int SizeUsual = 2048;

    private delegate void WriteItem<T>(ref RestWriter writer, T item);

    private delegate T ReadItem<T>(ref RestReader reader);

    [Flags]
    private enum Has : byte
    {
        None = 0,
        Latest = 1,
        Updated = 2,
        First = 4,
        Passed = 8,
        Moved = 16,
    }

    /// <summary>The bytes of a state.</summary>
    public static byte[] Write(CustomerState state)
    {
        var writer = new RestWriter(SizeUsual);
        try
        {
            Write(ref writer, state);
            return writer.ToArray();
        }
        finally
        {
            writer.Dispose();
        }
    }

    /// <summary>The state of which these are the bytes, written by this process.</summary>
    public static CustomerState Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new RestReader(bytes);
        var has = (Has)reader.Byte();
        var latest = has.HasFlag(Has.Latest) ? reader.Ticks() : 0;

        // In the order in which they were written.
        return new()
        {
            LatestEventAt = has.HasFlag(Has.Latest) ? Instant(latest) : null,
            UpdatedAt = has.HasFlag(Has.Updated) ? Instant(latest + reader.Ticks()) : null,
            FirstEventAt = has.HasFlag(Has.First) ? Instant(latest + reader.Ticks()) : null,
            TimePassedAt = has.HasFlag(Has.Passed) ? Instant(latest + reader.Ticks()) : null,
            MovedTo = has.HasFlag(Has.Moved) ? new(Key(ref reader), reader.Byte() == 1, reader.Byte() == 1) : null,
            Sequence = reader.Number(),
            LateEvents = reader.Number(),
            FoldedWith = reader.Name(),
            Profile = RestValues.ReadMap(ref reader),
            Context = RestValues.ReadMap(ref reader),
            Features = FeatureCells.From(ReadAll(ref reader, RestCells.Read)),
            Tags = ReadAll(ref reader, (ref r) => new TagState(r.Name(), r.Name(), r.Text(), Instant(latest + r.Ticks()), Maybe(ref r, latest))),
            Scores = ReadAll(ref reader, (ref r) => new ScoreState(r.Name(), r.Double(), Instant(latest + r.Ticks()), r.Name())),
            PointsGiven = ReadAll(ref reader, (ref r) => new PointsGiven(r.Raw(), Instant(latest + r.Ticks()), Instant(latest + r.Ticks()), r.Double())),
            Stages = ReadAll(ref reader, (ref r) => new StageState(r.Name(), Instant(latest + r.Ticks()), Maybe(ref r, latest), (int)r.Number())),
            Segments = ReadAll(ref reader, (ref r) => r.Name()),
            Consents = ReadAll(ref reader, (ref r) => new ConsentState(r.GivenName(), r.GivenName(), (ConsentStatus)r.Byte(), Instant(latest + r.Ticks()), r.Text())),
            Contacts = ReadAll(ref reader, (ref r) =>
                new Contact((Outcome)r.Byte(), r.GivenName(), r.GivenName(), r.GivenName(), r.GivenName(), Instant(latest + r.Ticks()), RestDecisionIds.Read(ref r))),
            RulesHeld = ReadAll(ref reader, (ref r) => r.Name()),
            Carried = ReadAll(ref reader, (ref r) => r.Name()),
            Seen = SeenMessages.From(ReadAll(ref reader, (ref r) => new SeenMessage(r.Raw(), r.Raw())).AsSpan()),
            Identities = ReadAll(ref reader, (ref r) => new LinkedIdentity(Key(ref r), Instant(latest + r.Ticks()), (int)r.Number(), r.Byte() == 1)),
        };
    }

    private static void Write(ref RestWriter writer, CustomerState state)
    {
        var latest = state.LatestEventAt?.UtcTicks ?? 0;
        writer.Byte((byte)((state.LatestEventAt is null ? Has.None : Has.Latest) | (state.UpdatedAt is null ? Has.None : Has.Updated)
            | (state.FirstEventAt is null ? Has.None : Has.First) | (state.TimePassedAt is null ? Has.None : Has.Passed) | (state.MovedTo is null ? Has.None : Has.Moved)));
        if (state.LatestEventAt is not null)
        {
            writer.Ticks(latest);
        }

        foreach (var instant in new[] { state.UpdatedAt, state.FirstEventAt, state.TimePassedAt })
        {
            if (instant is { } at)
            {
                writer.Ticks(at.UtcTicks - latest);
            }
        }

        if (state.MovedTo is { } moved)
        {
            writer.Text(moved.To.Value);
            writer.Byte(moved.IsVerified ? (byte)1 : (byte)0);
            writer.Byte(moved.IsDone ? (byte)1 : (byte)0);
        }

        writer.Number(state.Sequence);
        writer.Number(state.LateEvents);
        writer.Name(state.FoldedWith);
        RestValues.WriteMap(ref writer, state.Profile);
        RestValues.WriteMap(ref writer, state.Context);
        WriteAll(ref writer, state.Features.ToCells(), RestCells.Write);
        WriteAll(ref writer, state.Tags, (ref w, tag) =>
        {
            w.Name(tag.Name);
            w.Name(tag.Level);
            w.Text(tag.Evidence);
            w.Ticks(tag.Since.UtcTicks - latest);
            Maybe(ref w, tag.ExpiresAt, latest);
        });
        WriteAll(ref writer, state.Scores, (ref w, score) =>
        {
            w.Name(score.Name);
            w.Double(score.Points);
            w.Ticks(score.At.UtcTicks - latest);
            w.Name(score.Grade);
        });
        WriteAll(ref writer, state.PointsGiven, (ref w, given) =>
        {
            w.Raw(given.Key);
            w.Ticks(given.Since.UtcTicks - latest);
            w.Ticks(given.Until.UtcTicks - latest);
            w.Double(given.Points);
        });
        WriteAll(ref writer, state.Stages, (ref w, stage) =>
        {
            w.Name(stage.Name);
            w.Ticks(stage.EnteredAt.UtcTicks - latest);
            Maybe(ref w, stage.ExitedAt, latest);
            w.Number(stage.Entries);
        });
        WriteAll(ref writer, state.Segments, (ref w, name) => w.Name(name));
        WriteAll(ref writer, state.Consents, (ref w, consent) =>
        {
            w.GivenName(consent.Purpose);
            w.GivenName(consent.Channel);
            w.Byte((byte)consent.Status);
            w.Ticks(consent.At.UtcTicks - latest);
            w.Text(consent.Evidence);
        });
        WriteAll(ref writer, state.Contacts, (ref w, contact) =>
        {
            w.Byte((byte)contact.Outcome);
            w.GivenName(contact.Issue);
            w.GivenName(contact.Group);
            w.GivenName(contact.Action);
            w.GivenName(contact.Channel);
            w.Ticks(contact.At.UtcTicks - latest);
            RestDecisionIds.Write(ref w, contact.DecisionId);
        });
        WriteAll(ref writer, state.RulesHeld, (ref w, name) => w.Name(name));
        WriteAll(ref writer, state.Carried, (ref w, name) => w.Name(name));
        writer.Count((ulong)state.Seen.Count);
        for (var i = 0; i < state.Seen.Count; i++)
        {
            writer.Raw(state.Seen[i].IdHash);
            writer.Raw(state.Seen[i].ContentHash);
        }

        WriteAll(ref writer, state.Identities, (ref w, identity) =>
        {
            w.Text(identity.Key.Value);
            w.Ticks(identity.Since.UtcTicks - latest);
            w.Number(identity.Hops);
            w.Byte(identity.IsDone ? (byte)1 : (byte)0);
        });
    }

    private static void WriteAll<T>(ref RestWriter writer, ImmutableArray<T> items, WriteItem<T> write)
    {
        writer.Count((ulong)items.Length);
        foreach (var item in items)
        {
            write(ref writer, item);
        }
    }

    private static ImmutableArray<T> ReadAll<T>(ref RestReader reader, ReadItem<T> read)
    {
        var count = reader.Length();
        if (count == 0)
        {
            return [];
        }

        var items = new T[count];
        for (var i = 0; i < count; i++)
        {
            items[i] = read(ref reader);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(items);
    }

    private static void Maybe(ref RestWriter writer, DateTimeOffset? instant, long latest)
    {
        writer.Byte(instant is null ? (byte)0 : (byte)1);
        if (instant is { } at)
        {
            writer.Ticks(at.UtcTicks - latest);
        }
    }

    private static DateTimeOffset? Maybe(ref RestReader reader, long latest) => reader.Byte() == 0 ? null : Instant(latest + reader.Ticks());

    private static DateTimeOffset Instant(long ticks) => new(ticks, TimeSpan.Zero);

    private static CustomerKey Key(ref RestReader reader) =>
        CustomerKey.TryParse(reader.Text(), out var key) ? key : throw new InvalidOperationException("a state at rest names an identity that is none");
}
