using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;
using Xunit;

namespace Decisioning.Engine.Tests.Decisions;

/// <summary>Small random strategies as authors write them, whose conditions can be changed by events, and customers for them.</summary>
internal sealed class RandomOffers(int seed)
{
    private readonly Random _random = new(seed);

    public static string Yaml(string actions, string rules = "[]") => $$"""
        strategy: offers
        profile: { x: int, plan: string }
        events: { A: {}, B: {}, C: {}, Scored: {} }
        features:
          a: { count: A }
          b: { count: B }
          c: { count: C }
        segments:
          keen: features.a >= 2 && features.b >= 1
          open: segments.keen || profile.x > 4
        scores:
          lead:
            points: [ { on: Scored, add: 1 } ]
            grades: { mql: 3, sql: 5 }
        journey:
          near: { enter: features.b >= 2 }
        consent: { purposes: [marketing] }
        rules: {{rules}}
        issues:
          sell:
            all:
        {{Indented(actions)}}
        """.Replace("rules: []\n", "", StringComparison.Ordinal);

    public static Strategy Compile(string yaml)
    {
        var (strategy, errors) = StrategyCompiler.Compile(new(ImmutableSortedDictionary<string, string>.Empty.Add("strategy.yaml", yaml)), 1);
        Assert.True(errors.IsEmpty, $"{string.Join('\n', errors)}\n{yaml}");
        return strategy!;
    }

    public static CustomerState Record(CustomerState state, Strategy strategy, params IEnumerable<string> names) =>
        Recorded(state, strategy, names.Select((name, i) => new CustomerEvent(
            $"{state.Sequence}-{i}", EventType.Track, name, Asking.Noon.AddHours(-1), Asking.Noon, PropertyMap.Empty, PropertyMap.Empty)));

    public string Yaml()
    {
        var actions = new StringBuilder();
        var count = _random.Next(2, 7);
        for (var i = 0; i < count; i++)
        {
            var conditions = new[] { "eligible", "applicable", "suitable" }.Where(_ => _random.Next(3) == 0).Select(stage => $"{stage}: '{Condition(2)}', ");
            var context = _random.Next(3) == 0 ? $"context: [ {{ when: '{Condition(1)}', weight: {_random.Next(2, 6)} }} ], " : "";
            actions.Append(CultureInfo.InvariantCulture,
                $"      a{i}: {{ value: {_random.Next(1, 20)}, {string.Concat(conditions)}{context}{(_random.Next(4) == 0 ? "purpose: marketing, " : "")}treatments: [ {{ channel: {Pick("web", "email")}, placement: {Pick("hero", "side")}, text: x }} ] }}\n");
        }

        var rules = _random.Next(2) == 0 ? $"[ {{ id: r, behaviour: '{Condition(1)}', profile: '{Condition(1)}', then: [ {{ offer: a0, weight: 3 }} ] }} ]" : "[]";
        return Yaml(actions.ToString(), rules);
    }

    public CustomerState Customer(Strategy strategy)
    {
        var state = Record(CustomerState.Empty, strategy, Enumerable.Range(0, _random.Next(8)).Select(_ => Pick("A", "B", "C", "Scored")));
        return _random.Next(2) == 0 ? state : Identified(state, strategy, ("x", Value.Of(_random.Next(6))), ("plan", Value.Of(Pick("gold", "basic"))));
    }

    public DecisionRequest Request() => Asking.Request(
        placements: Pick("hero", "hero side", ""),
        explain: ExplainLevel.Full,
        context: _random.Next(2) == 0 ? PropertyMap.Empty : Device("desktop"));

    /// <summary>Decides again after everything a counterfactual asks for has happened; null where events cannot make it happen, such as fewer visits.</summary>
    public static Decision? BringAbout(string yaml, Strategy strategy, CustomerState state, DecisionRequest request, string action, Counterfactual counterfactual)
    {
        foreach (var change in counterfactual.Changes)
        {
            switch (change.Name.Split('.'))
            {
                case ["features", var feature]:
                    if (change.Needed.AsInt() <= change.Seen.AsInt())
                    {
                        return null;
                    }

                    state = Record(state, strategy, Enumerable.Repeat(feature.ToUpperInvariant(), (int)(change.Needed.AsInt() - change.Seen.AsInt())));
                    break;
                case ["scores", _]:
                    if (change.Needed.AsDouble() <= change.Seen.AsDouble())
                    {
                        return null;
                    }

                    state = Record(state, strategy, Enumerable.Repeat("Scored", (int)Math.Ceiling(change.Needed.AsDouble() - change.Seen.AsDouble())));
                    break;
                case ["profile", var attribute]:
                    state = Identified(state, strategy, (attribute, change.Needed));
                    break;
                case ["consent", var purpose, var channel]:
                    state = Recorded(state, strategy, [new(
                        $"{state.Sequence}-c", EventType.Track, change.Needed.AsBool() ? EventNames.ConsentGranted : EventNames.ConsentDenied, Asking.Noon.AddHours(-1), Asking.Noon,
                        PropertyMap.Of(("purpose", Value.Of(purpose)), ("channel", Value.Of(channel))), PropertyMap.Empty)]);
                    break;
                case ["device", _]:
                    request = request with { Context = Device(change.Needed.AsString()) };
                    break;
                case ["action", "value"]:
                    strategy = Compile(System.Text.RegularExpressions.Regex.Replace(
                        yaml, $"( {action}: {{ value: )[0-9]+", $"${{1}}{change.Needed.AsDouble().ToString(CultureInfo.InvariantCulture)}"));
                    break;
                default:
                    Assert.Fail($"`{change.Name}` is nothing that can be changed");
                    break;
            }
        }

        return strategy.Decide(request, state);
    }

    private static CustomerState Recorded(CustomerState state, Strategy strategy, IEnumerable<CustomerEvent> events)
    {
        var recording = Recorder.Plan(state, [.. events], strategy, Asking.Noon);
        Assert.All(recording.Outcomes, outcome => Assert.Equal(RecordStatus.Applied, outcome.Status));
        return recording.Next;
    }

    private static CustomerState Identified(CustomerState state, Strategy strategy, params (string Name, Value Value)[] traits) => Recorded(state, strategy, [new(
        $"{state.Sequence}-i", EventType.Identify, EventNames.Identified, Asking.Noon.AddHours(-1), Asking.Noon, PropertyMap.Of(traits), PropertyMap.Empty)]);

    private static PropertyMap Device(string type) => PropertyMap.Of(("device", Value.Of(PropertyMap.Of(("type", Value.Of(type))))));

    private string Condition(int depth) => depth > 0 && _random.Next(2) == 0
        ? $"({Condition(depth - 1)} {Pick("&&", "||")} {Condition(depth - 1)})"
        : Pick(
            $"features.{Pick("a", "b", "c")} {Pick(">=", ">", "==")} {_random.Next(1, 5)}",
            $"profile.x {Pick(">=", ">", "!=")} {_random.Next(1, 5)}",
            $"profile.plan == \"{Pick("gold", "basic")}\"",
            $"device.type == \"{Pick("mobile", "desktop")}\"",
            $"scores.lead >= {_random.Next(1, 6)}.0",
            $"{Pick("", "!")}segments.{Pick("keen", "open")}",
            "stages.near.in",
            $"grade(\"lead\") >= \"{Pick("mql", "sql")}\"",
            "consent.marketing.email");

    private static string Indented(string actions) =>
        string.Join('\n', actions.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => $"      {line}"));

    private T Pick<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];
}
