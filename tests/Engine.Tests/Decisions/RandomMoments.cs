using System.Text;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Tests.Decisions;

/// <summary>Small random strategies in which time lets actions through and holds them back, and customers for them.</summary>
internal sealed class RandomMoments(int seed)
{
    private readonly Random _random = new(seed);

    public static string Yaml(string actions) => $$"""
        strategy: moments
        profile: { x: int }
        events: { A: {}, B: {}, Scored: {} }
        features:
          a:      { count: A, within: 3h }
          b:      { count: B }
          last:   { last: A }
        segments:
          idle: now - features.last > duration("5h")
        scores:
          lead:
            half_life: 4h
            points: [ { on: Scored, add: 10 } ]
            grades: { mql: 8, sql: 16 }
        journey:
          near: { enter: features.a >= 1, timeout: { after: 8h } }
        rules:
          - id: hot
            behaviour: features.a >= 1
            then: [ { tag: { name: hot, expires: 5h } } ]
        calendars: { feast: [11-11] }
        contact:
          quiet_hours: "21:00-08:00"
          caps:
            - { outcome: IMPRESSION, of: action, at_most: 1, within: 9h }
            - { outcome: IMPRESSION, of: all, channel: email, at_most: 2, within: 26h }
        issues:
          sell:
            all:
        {{string.Join('\n', actions.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => $"      {line}"))}}
        """;

    public string Yaml()
    {
        var actions = new StringBuilder();
        var count = _random.Next(2, 6);
        for (var i = 0; i < count; i++)
        {
            var conditions = string.Concat(new[] { "eligible", "applicable", "suitable" }.Where(_ => _random.Next(2) == 0).Select(stage => $"{stage}: '{Condition(1)}', "));
            var valid = _random.Next(5) == 0 ? $"valid_from: 2026-11-{_random.Next(9, 13):00}T{_random.Next(24):00}:00, " : "";
            actions.Append($"a{i}: {{ value: {_random.Next(1, 9)}, {conditions}{valid}treatments: [ {{ channel: {Pick("web", "email")}, placement: hero, text: x }} ] }}\n");
        }

        return Yaml(actions.ToString());
    }

    public CustomerState Customer(Strategy strategy)
    {
        var state = RandomOffers.Record(CustomerState.Empty, strategy, Enumerable.Range(0, _random.Next(6)).Select(_ => Pick("A", "B", "Scored")));
        return state with
        {
            Contacts = [.. Enumerable.Range(0, _random.Next(4))
                .Select(_ => Asking.Contact(Asking.Noon.AddMinutes(-_random.Next(1, 1500)), action: $"a{_random.Next(5)}", channel: Pick("web", "email"), issue: "sell", group: "all"))
                .OrderBy(contact => contact.At)],
        };
    }

    public DecisionRequest Request() => Asking.Request(placements: Pick("hero", ""), explain: ExplainLevel.Full);

    /// <summary>Which actions come through the funnel at some instants, in order, if nothing happens but that time passes and is noticed.</summary>
    public static List<(DateTimeOffset At, HashSet<string> Allowed)> Later(Strategy strategy, CustomerState state, DecisionRequest request, IEnumerable<DateTimeOffset> instants)
    {
        var later = new List<(DateTimeOffset, HashSet<string>)>();
        var since = Asking.Noon;
        foreach (var at in instants)
        {
            while (Waking.NextAt(state, strategy, since) is { } due && due <= at)
            {
                since = due > since ? due : since;
                state = Recorder.Plan(state, [Waking.EventAt(due, since)], strategy, since).Next;
            }

            var decision = strategy.Decide(request with { Explain = ExplainLevel.Summary }, state, now: at);
            var dropped = decision.Verdicts.Where(verdict => verdict.Stage <= FunnelStage.Budget).Select(verdict => verdict.Action).ToHashSet(StringComparer.Ordinal);
            later.Add((at, [.. strategy.Actions.Select(action => action.Name).Where(name => !dropped.Contains(name))]));
        }

        return later;
    }

    private string Condition(int depth) => depth > 0 && _random.Next(2) == 0
        ? $"({Condition(depth - 1)} {Pick("&&", "||")} {Condition(depth - 1)})"
        : Pick(
            $"now.hour {Pick(">=", "<")} {_random.Next(1, 23)}",
            $"now.weekday == {_random.Next(1, 8)}",
            "calendar.feast",
            $"features.a {Pick(">=", "<")} {_random.Next(1, 3)}",
            $"features.b >= {_random.Next(1, 3)}",
            $"now - features.last {Pick(">", "<")} duration(\"{_random.Next(2, 30)}h\")",
            $"{Pick("", "!")}tags.hot",
            $"{Pick("", "!")}stages.near.in",
            $"{Pick("", "!")}segments.idle",
            $"scores.lead < {_random.Next(2, 12)}.0",
            "grade(\"lead\") == \"mql\"",
            "profile.x > 2");

    private T Pick<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];
}
