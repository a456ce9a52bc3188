using System.Collections.Immutable;
using Decisioning.Engine.Actions;
using Decisioning.Engine.Expressions.Analysis;
using Decisioning.Engine.Features;

namespace Decisioning.Engine.Strategies.Linting;

/// <summary>What a strategy costs to run, counted from what is written.</summary>
/// <param name="Events">Per event that something looks at by name, in ordinal order.</param>
/// <param name="OtherEvent">Any other event.</param>
/// <param name="Placements">Per channel and placement, in ordinal order.</param>
public sealed record StrategyCost(ImmutableArray<EventCost> Events, EventCost OtherEvent, ImmutableArray<PlacementCost> Placements)
{
    // All of them come from the benchmarks `fold` and `decide` and are good for the order of magnitude.

    /// <summary>What a test of one term takes: many conditions share its reading.</summary>
    private const double TestNanoseconds = 4;

    /// <summary>What counting an event into one feature takes.</summary>
    private const double FeatureNanoseconds = 40;

    /// <summary>What an event costs that nothing looks at.</summary>
    private const double EventNanoseconds = 1500;

    /// <summary>What a decision costs with nothing to decide.</summary>
    private const double DecisionNanoseconds = 7000;

    /// <summary>What a candidate costs apart from its conditions: consent, caps, priority.</summary>
    private const double CandidateNanoseconds = 25;

    internal static StrategyCost Of(Strategy strategy)
    {
        var means = new Meanings(strategy);
        var other = OfEvent(strategy, "any other", [.. strategy.Features.Where(feature => feature.Events.IsEmpty)], means);
        return new(
            [.. strategy.Events.Keys
                .Order(StringComparer.Ordinal)
                .Select(name => OfEvent(strategy, name, [.. strategy.Features.Where(feature => feature.LooksAt(name))], means))
                .Where(cost => cost.Features > other.Features || cost.Rules > other.Rules)],
            other,
            [.. strategy.Actions
                .SelectMany(action => action.Treatments.Select(treatment => (treatment.Channel, treatment.Placement, Action: action)))
                .GroupBy(offer => (offer.Channel, offer.Placement))
                .OrderBy(slot => slot.Key.Channel, StringComparer.Ordinal).ThenBy(slot => slot.Key.Placement, StringComparer.Ordinal)
                .Select(slot => OfPlacement(slot.Key.Channel, slot.Key.Placement, [.. slot.Select(offer => offer.Action).Distinct()], means))]);
    }

    private static EventCost OfEvent(Strategy strategy, string name, ImmutableArray<Feature> features, Meanings means)
    {
        var changed = features.Select(feature => $"features.{feature.Name}")
            .Concat(strategy.Scores.Where(score => score.Points.Any(points => points.Events.Contains(name))).SelectMany(score => (string[])[$"scores.{score.Name}", $"grade({score.Name})"]))
            .ToHashSet(StringComparer.Ordinal);
        var rules = strategy.Rules
            .Where(rule => rule.On.IsEmpty ? rule.Reads.Any(read => changed.Contains(read) || OfTheMoment(read)) : rule.On.Contains(name))
            .ToList();
        var tests = means.TestsOf(rules.SelectMany(rule => rule.Layers).Select(layer => layer.When))
            + means.TestsOf(features.SelectMany(feature => feature.Conditions));
        return new(name, features.Length, rules.Count, tests, Microseconds(EventNanoseconds + (features.Length * FeatureNanoseconds) + (tests * TestNanoseconds)));
    }

    private static PlacementCost OfPlacement(string channel, string placement, ImmutableArray<ActionDefinition> actions, Meanings means)
    {
        var tests = means.TestsOf(actions.SelectMany(action => LintContext.ConditionsOf(action).Concat(action.ContextWeights.Select(weight => weight.When))));
        return new(channel, placement, actions.Length, tests, Microseconds(DecisionNanoseconds + (actions.Length * CandidateNanoseconds) + (tests * TestNanoseconds)));
    }

    /// <summary>What is different at every event, whatever it is.</summary>
    private static bool OfTheMoment(string read) =>
        read == "now" || read == "channel" || read.StartsWith("now.", StringComparison.Ordinal) || read.StartsWith("event.", StringComparison.Ordinal)
        || read.StartsWith("device.", StringComparison.Ordinal) || read.StartsWith("context.", StringComparison.Ordinal) || read.StartsWith("calendar.", StringComparison.Ordinal);

    private static double Microseconds(double nanoseconds) => Math.Round(nanoseconds / 1000, 1);

    /// <summary>Counts different tests: the same one in several conditions is made once. A segment counts with what it is made of.</summary>
    private sealed class Meanings(Strategy strategy)
    {
        private readonly Dictionary<string, Predicate> _segments = strategy.Segments
            .ToDictionary(segment => $"segments.{segment.Name}", segment => segment.When.Expression.Predicate, StringComparer.Ordinal);

        public int TestsOf(IEnumerable<Condition> conditions)
        {
            var tests = new HashSet<string>(StringComparer.Ordinal);
            foreach (var condition in conditions)
            {
                Gather(condition.Expression.Predicate, tests);
            }

            return tests.Count;
        }

        private void Gather(Predicate predicate, HashSet<string> tests)
        {
            foreach (var leaf in predicate.Leaves)
            {
                if (tests.Add(leaf.Key) && _segments.TryGetValue(leaf.Term.Text, out var meaning))
                {
                    Gather(meaning, tests);
                }
            }
        }
    }
}

/// <summary>What one event costs.</summary>
/// <param name="Event">The event's name.</param>
/// <param name="Features">Features that it is counted into.</param>
/// <param name="Rules">Rules that it may change.</param>
/// <param name="Tests">Different tests of one value that these features and rules make, at most.</param>
/// <param name="Microseconds">About how long that takes, in the order of magnitude.</param>
public sealed record EventCost(string Event, int Features, int Rules, int Tests, double Microseconds);

/// <summary>What a decision costs.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Placement">The placement.</param>
/// <param name="Candidates">Actions that have something for it.</param>
/// <param name="Tests">Different tests of one value that their conditions make, at most.</param>
/// <param name="Microseconds">About how long that takes, in the order of magnitude.</param>
public sealed record PlacementCost(string Channel, string Placement, int Candidates, int Tests, double Microseconds);
