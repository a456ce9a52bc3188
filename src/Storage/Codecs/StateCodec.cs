using Decisioning.Engine.Customers;
using Decisioning.Engine.Features;
using Decisioning.Engine.Journeys;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Scoring;
using Decisioning.Storage.Resting;
using Decisioning.Storage.Wire;

namespace Decisioning.Storage.Codecs;

/// <summary>Customer states to and from their stored form.</summary>
internal static class StateCodec
{
    public static StoredState Write(CustomerState state)
    {
        var stored = new StoredState
        {
            Sequence = state.Sequence,
            LateEvents = state.LateEvents,
            FoldedWith = state.FoldedWith,
            Profile = ValueCodec.Write(state.Profile),
            Context = ValueCodec.Write(state.Context),
        };
        if (state.LatestEventAt is { } latest)
        {
            stored.LatestEventAt = Instants.Write(latest);
        }

        if (state.UpdatedAt is { } updated)
        {
            stored.UpdatedAt = Instants.Write(updated);
        }

        if (state.FirstEventAt is { } first)
        {
            stored.FirstEventAt = Instants.Write(first);
        }

        if (state.TimePassedAt is { } passed)
        {
            stored.TimePassedAt = Instants.Write(passed);
        }

        stored.Tags.AddRange(state.Tags.Select(Write));
        stored.Scores.AddRange(state.Scores.Select(score =>
            new StoredScore { Name = score.Name, Points = score.Points, At = Instants.Write(score.At), Grade = score.Grade }));
        stored.Stages.AddRange(state.Stages.Select(Write));
        stored.Consents.AddRange(state.Consents.Select(Write));
        stored.Contacts.AddRange(state.Contacts.Select(Write));
        stored.RulesHeld.AddRange(state.RulesHeld);
        stored.Features.AddRange(state.Features.ToCells().Select(CellCodec.Write));
        foreach (var message in state.Seen.Messages)
        {
            stored.Seen.Add(message.IdHash);
            stored.Seen.Add(message.ContentHash);
        }

        stored.Carried.AddRange(state.Carried);
        stored.Segments.AddRange(state.Segments);
        stored.Identities.AddRange(state.Identities.Select(Write));
        if (state.MovedTo is { } moved)
        {
            stored.MovedTo = new() { To = moved.To.Value, Verified = moved.IsVerified, Done = moved.IsDone };
        }

        stored.PointsGiven.AddRange(state.PointsGiven.Select(given => new StoredPointsGiven
        {
            Key = given.Key,
            Since = Instants.Write(given.Since),
            Until = Instants.Write(given.Until),
            Points = given.Points,
        }));
        return stored;
    }

    public static CustomerState Read(StoredState stored) => new()
    {
        Sequence = stored.Sequence,
        LatestEventAt = stored.HasLatestEventAt ? Instants.Read(stored.LatestEventAt) : null,
        UpdatedAt = stored.HasUpdatedAt ? Instants.Read(stored.UpdatedAt) : null,
        FirstEventAt = stored.HasFirstEventAt ? Instants.Read(stored.FirstEventAt) : null,
        LateEvents = stored.LateEvents,
        Profile = ValueCodec.Read(stored.Profile),
        Context = ValueCodec.Read(stored.Context),
        Tags = [.. stored.Tags.Select(tag => new TagState(
            Shared.Names.One(tag.Name), Shared.Names.One(tag.Level), tag.Evidence, Instants.Read(tag.Since), tag.HasExpiresAt ? Instants.Read(tag.ExpiresAt) : null))],
        Scores = [.. stored.Scores.Select(score => new ScoreState(Shared.Names.One(score.Name), score.Points, Instants.Read(score.At), Shared.Names.One(score.Grade)))],
        Stages = [.. stored.Stages.Select(stage => new StageState(
            Shared.Names.One(stage.Name), Instants.Read(stage.EnteredAt), stage.HasExitedAt ? Instants.Read(stage.ExitedAt) : null, stage.Entries))],
        Consents = [.. stored.Consents.Select(consent => new ConsentState(
            Shared.GivenNames.One(consent.Purpose), Shared.GivenNames.One(consent.Channel), (ConsentStatus)consent.Status, Instants.Read(consent.At), consent.Evidence))],
        Contacts = [.. stored.Contacts.Select(Read)],
        RulesHeld = [.. stored.RulesHeld.Select(Shared.Names.One)],
        Features = FeatureCells.From(stored.Features.Select(CellCodec.Read)),
        Seen = SeenMessages.From([.. stored.Seen.Chunk(2).Select(pair => new SeenMessage(pair[0], pair[1]))]),
        FoldedWith = Shared.Names.One(stored.FoldedWith),
        Carried = [.. stored.Carried],
        TimePassedAt = stored.HasTimePassedAt ? Instants.Read(stored.TimePassedAt) : null,
        Segments = [.. stored.Segments.Select(Shared.Names.One)],
        MovedTo = stored.MovedTo is { } moved ? new(ReadKey(moved.To), moved.Verified, moved.Done) : null,
        Identities = [.. stored.Identities.Select(identity => new LinkedIdentity(ReadKey(identity.Key), Instants.Read(identity.Since), identity.Hops, identity.Done))],
        PointsGiven = [.. stored.PointsGiven.Select(given => new PointsGiven(given.Key, Instants.Read(given.Since), Instants.Read(given.Until), given.Points))],
    };

    private static StoredIdentity Write(LinkedIdentity identity) =>
        new() { Key = identity.Key.Value, Since = Instants.Write(identity.Since), Hops = identity.Hops, Done = identity.IsDone };

    private static CustomerKey ReadKey(string text) =>
        CustomerKey.TryParse(text, out var key) ? key : throw new InvalidDataException("a state names an identity that is none; restore the database from a backup");

    private static Contact Read(StoredContact contact) => new(
        (Outcome)contact.Outcome,
        Shared.GivenNames.One(contact.Issue),
        Shared.GivenNames.One(contact.Group),
        Shared.GivenNames.One(contact.Action),
        Shared.GivenNames.One(contact.Channel),
        Instants.Read(contact.At),
        contact.DecisionId);

    private static StoredTag Write(TagState tag)
    {
        var stored = new StoredTag { Name = tag.Name, Level = tag.Level, Evidence = tag.Evidence, Since = Instants.Write(tag.Since) };
        if (tag.ExpiresAt is { } end)
        {
            stored.ExpiresAt = Instants.Write(end);
        }

        return stored;
    }

    private static StoredStage Write(StageState stage)
    {
        var stored = new StoredStage { Name = stage.Name, EnteredAt = Instants.Write(stage.EnteredAt), Entries = stage.Entries };
        if (stage.ExitedAt is { } end)
        {
            stored.ExitedAt = Instants.Write(end);
        }

        return stored;
    }

    private static StoredConsent Write(ConsentState consent) => new()
    {
        Purpose = consent.Purpose,
        Channel = consent.Channel,
        Status = (uint)consent.Status,
        At = Instants.Write(consent.At),
        Evidence = consent.Evidence,
    };

    private static StoredContact Write(Contact contact) => new()
    {
        Outcome = (uint)contact.Outcome,
        Issue = contact.Issue,
        Group = contact.Group,
        Action = contact.Action,
        Channel = contact.Channel,
        At = Instants.Write(contact.At),
        DecisionId = contact.DecisionId,
    };
}
