using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Features;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Customers;

/// <summary>Events and states of tests.</summary>
internal static class History
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public static CustomerEvent Event(string name, DateTimeOffset at, string id, params ReadOnlySpan<(string Name, Value Value)> properties) =>
        new(id, EventType.Track, name, at, at, PropertyMap.Of(properties), PropertyMap.Empty);

    public static CustomerEvent Identify(DateTimeOffset at, string id, params ReadOnlySpan<(string Name, Value Value)> traits) =>
        new(id, EventType.Identify, EventNames.Identified, at, at, PropertyMap.Of(traits), PropertyMap.Empty);

    public static CustomerEvent Response(DateTimeOffset at, string id, string action, Outcome outcome) => new(
        id, EventType.Response, EventNames.ResponseCaptured, at, at, PropertyMap.Empty, PropertyMap.Empty, new("d1", "grow", "cards", action, "t", "web", "hero", outcome, Behaviour.Positive, 1));

    /// <summary>The plan of some events, given long after they happened.</summary>
    public static Recording Record(this CustomerState state, Strategy strategy, params CustomerEvent[] events) =>
        Recorder.Plan(state, [.. events], strategy, Start.AddYears(10));

    public static CustomerState Fold(Strategy strategy, IEnumerable<CustomerEvent> events, int batch = 1) =>
        events.Chunk(batch).Aggregate(CustomerState.Empty, (state, some) => state.Record(strategy, some).Next);

    /// <summary>A state as one text, so that two are compared by content and a difference can be read.</summary>
    public static string Describe(CustomerState state) => string.Join('\n',
    [
        $"{state.Sequence} {state.LatestEventAt:O} {state.FirstEventAt:O} {state.UpdatedAt:O} late {state.LateEvents} with {state.FoldedWith}",
        $"profile {state.Profile}",
        $"context {state.Context}",
        .. state.Features.ToCells().Select(cell => $"{cell.Key:x} {cell.Kind} {cell.LeavesAt} {string.Join(' ', cell.Entries)}"),
        .. state.Tags.Select(tag => tag.ToString()),
        .. state.Scores.Select(score => score.ToString()),
        .. state.PointsGiven.Select(given => given.ToString()),
        .. state.Stages.Select(stage => stage.ToString()),
        .. state.Consents.Select(consent => consent.ToString()),
        .. state.Contacts.Select(contact => contact.ToString()),
        $"passed {state.TimePassedAt:O} segments {string.Join(' ', state.Segments)}",
        $"held {string.Join(' ', state.RulesHeld)}",
        $"carried {string.Join(' ', state.Carried)}",
        $"moved {state.MovedTo} identities {string.Join(' ', state.Identities)}",
        $"seen {string.Join(' ', state.Seen.Messages)}",
    ]);

    /// <summary>What a store gives back: a state rebuilt from its neutral parts.</summary>
    public static CustomerState Stored(CustomerState state) => state with
    {
        Features = FeatureCells.From(state.Features.ToCells().Reverse()),
        Seen = SeenMessages.From(state.Seen.Messages.AsSpan()),
        RulesHeld = [.. state.RulesHeld.Select(id => new string(id))],
        Segments = [.. state.Segments.Select(name => new string(name))],
        Carried = [.. state.Carried],
        Codes = null,
    };
}
