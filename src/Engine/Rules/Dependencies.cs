using System.Collections.Frozen;
using System.Collections.Immutable;
using Decisioning.Engine.Expressions.Analysis;
using Decisioning.Engine.Features;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Rules;

/// <summary>What conditions depend on: the things behind the names they read.</summary>
internal sealed class Dependencies
{
    /// <summary>What may change with anything: what a function looks at that is not known here.</summary>
    public const string Unknown = "unknown";

    /// <summary>What every event brings: itself.</summary>
    public const string Event = "event";

    /// <summary>The instant, which is another one at every event.</summary>
    public const string Now = "now";

    /// <summary>The hour and the day where the customer is.</summary>
    public const string Local = "local";

    /// <summary>Device, channel and the rest of the situation.</summary>
    public const string Context = "context";

    /// <summary>What the customer consented to.</summary>
    public const string Consent = "consent";

    // The local time depends on the zone, which the profile or the situation gives.
    private static readonly ImmutableArray<string> _localThings = [Local, "profile.timezone", Context];
    private static readonly FrozenSet<string> _localFunctions =
        new[] { "age", "birthday", "days_until", "days_until_annual", "calendar.days_until", "calendar.days_since" }.ToFrozenSet(StringComparer.Ordinal);

    private readonly FrozenSet<string> _timely;
    private readonly Dictionary<string, ImmutableArray<string>> _segments = new(StringComparer.Ordinal);

    /// <summary>Of a strategy's conditions.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="isOfEvents">Whether to tell what events must change so that a condition reads differently at one and the same instant.</param>
    public Dependencies(Strategy strategy, bool isOfEvents = false)
    {
        // How long ago something happened changes with every instant; other features change by events and by leaving their window.
        _timely = strategy.Features.Where(feature => feature.Kind == FeatureKind.Recency && !isOfEvents).Select(feature => feature.Name).ToFrozenSet(StringComparer.Ordinal);
        foreach (var segment in strategy.Segments)
        {
            _segments[segment.Name] = Of(segment.When);
        }
    }

    /// <summary>The things a condition depends on.</summary>
    public ImmutableArray<string> Of(Condition condition) => Of(condition.Expression.Reads, condition.Expression.Calls);

    /// <summary>The things a term depends on.</summary>
    public ImmutableArray<string> Of(Term term) => Of(term.Reads, term.Calls);

    private ImmutableArray<string> Of(ImmutableArray<string> reads, ImmutableArray<string> calls) =>
        [.. reads.SelectMany(read => Of(read)).Concat(calls.SelectMany(call => OfCall(call))).Distinct(StringComparer.Ordinal)];

    // A function may look at whatever it likes, unless it is known.
    private static ImmutableArray<string> OfCall(string function) => _localFunctions.Contains(function) ? _localThings : [Unknown];

    private ImmutableArray<string> Of(string read)
    {
        if (read.IndexOf('(', StringComparison.Ordinal) is > 0 and var open && read.EndsWith(')'))
        {
            var argument = read[(open + 1)..^1].Trim('"', '\'', '`');
            return read[..open] switch
            {
                "grade" => ["scores." + argument],
                "tag_level" => ["tags." + argument],
                var function => OfCall(function),
            };
        }

        var dot = read.IndexOf('.', StringComparison.Ordinal);
        var (root, name) = dot < 0 ? (read, "") : (read[..dot], read[(dot + 1)..]);
        return root switch
        {
            "features" => [_timely.Contains(name) ? Now : read],
            "segments" => _segments.TryGetValue(name, out var things) ? things : [Unknown],
            "tags" or "profile" or "scores" when name.Length > 0 => [read],
            "stages" when name.Length > 0 => ["stages." + (name.LastIndexOf('.') is > 0 and var last ? name[..last] : name)],
            "consent" => [Consent],
            "device" or "channel" or "context" => [Context],
            "event" => [Event],
            "now" when name is "hour" or "weekday" or "day" or "month" or "year" or "date" => _localThings,
            "now" when name.Length == 0 => [Now],
            "now" => [Now, .. _localThings],
            "calendar" => _localThings,
            _ => [Unknown],
        };
    }
}
