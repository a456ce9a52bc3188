using System.Collections.Immutable;
using System.Globalization;
using Decisioning.Engine.Customers;

namespace Decisioning.Engine.Replaying;

/// <summary>Compares two states of a customer part by part. What is remembered only to be fast (which conditions read what) is not compared.</summary>
public static class StateComparison
{
    /// <summary>What differs; empty for nothing.</summary>
    /// <param name="held">The state held; <see cref="Difference.Recorded"/>.</param>
    /// <param name="folded">The state that the log gives; <see cref="Difference.Again"/>.</param>
    public static ImmutableArray<Difference> Of(CustomerState held, CustomerState folded)
    {
        var differences = new Differences();
        differences.Check("sequence", held.Sequence, folded.Sequence);
        differences.Check("latest_event_at", held.LatestEventAt, folded.LatestEventAt);
        differences.Check("time_passed_at", held.TimePassedAt, folded.TimePassedAt);
        differences.Check("updated_at", held.UpdatedAt, folded.UpdatedAt);
        differences.Check("first_event_at", held.FirstEventAt, folded.FirstEventAt);
        differences.Check("late_events", held.LateEvents, folded.LateEvents);
        differences.Check("profile", held.Profile.Entries, folded.Profile.Entries, entry => entry.Key);
        differences.Check("context", held.Context.Entries, folded.Context.Entries, entry => entry.Key);
        differences.Check("features", Cells(held), Cells(folded), cell => cell.Key);
        differences.Check("tags", held.Tags, folded.Tags, tag => tag.Name);
        differences.Check("scores", held.Scores, folded.Scores, score => score.Name);
        differences.Check("points_given", held.PointsGiven, folded.PointsGiven, given => given.Key.ToString("x16", CultureInfo.InvariantCulture));
        differences.Check("stages", held.Stages, folded.Stages, stage => stage.Name);
        differences.Check("segments", held.Segments, folded.Segments);
        differences.Check("consents", held.Consents, folded.Consents, consent => $"{consent.Purpose}.{consent.Channel}");
        differences.Check("contacts", held.Contacts, folded.Contacts, contact => $"{contact.DecisionId}.{contact.Action}.{contact.Outcome}");
        differences.Check("rules_held", held.RulesHeld, folded.RulesHeld);
        differences.Check("folded_with", held.FoldedWith, folded.FoldedWith);
        differences.Check("carried", held.Carried, folded.Carried);
        differences.Check("moved_to", held.MovedTo, folded.MovedTo);
        differences.Check("identities", held.Identities, folded.Identities, identity => identity.Key.Value);
        differences.Check("seen", held.Seen.Messages, folded.Seen.Messages, message => message.IdHash.ToString("x16", CultureInfo.InvariantCulture));
        return differences.Found;
    }

    // A cell's parts are compared by what they hold, as one text: cells are compared only now and then, and differ hardly ever.
    private static IEnumerable<Part> Cells(CustomerState state) => state.Features.ToCells().Select(cell => new Part(
        cell.Key.ToString("x16", CultureInfo.InvariantCulture),
        string.Create(CultureInfo.InvariantCulture, $"{cell.Kind} until {cell.LeavesAt}: {string.Join("; ", cell.Entries)}")));

    private sealed record Part(string Key, string Text)
    {
        public override string ToString() => Text;
    }
}
