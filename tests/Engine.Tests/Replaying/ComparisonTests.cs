using System.Collections.Immutable;
using System.Reflection;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Replaying;
using Decisioning.Engine.Tests.Customers;
using Decisioning.Engine.Tests.Decisions;

namespace Decisioning.Engine.Tests.Replaying;

public sealed class ComparisonTests
{
    // What records of decisions do not keep.
    private static readonly string[] NotKept = ["Rules", "Plans", "UnknownPlacements", "KnownPlacements", "Content", "TrackingToken", "Reason", "Seen", "WouldWin"];

    private static readonly Decision Made = Enumerable.Range(1, 200)
        .SelectMany(seed => new LivedThrough(seed, steps: 40).Records)
        .Select(record => record.Decision)
        .First(decision => decision is { Items.Length: 2, Verdicts.Length: 2 });

    public static TheoryData<string> StateParts => [.. Public(typeof(CustomerState)).Select(property => property.Name)];

    public static TheoryData<string> DecisionParts => [.. Kept(typeof(Decision)).Select(property => property.Name).Except(["Items", "Verdicts"])];

    public static TheoryData<string> ItemParts => [.. Kept(typeof(DecisionItem)).Select(property => property.Name)];

    public static TheoryData<string> VerdictParts => [.. Kept(typeof(Verdict)).Select(property => property.Name).Except(["Priority"])];

    [Theory]
    [MemberData(nameof(StateParts))]
    public void Every_part_of_a_state_is_compared(string name)
    {
        var property = typeof(CustomerState).GetProperty(name)!;
        var full = Enumerable.Range(1, 40).Select(seed => History.Fold(RandomHistory.Strategy, RandomHistory.Events(seed, 60), 60))
            .First(state => name == nameof(CustomerState.PointsGiven) || !IsEmpty(property, state));
        full = full with { PointsGiven = [new(1, History.Start, History.Start, 2)] };
        var other = full with { };
        property.SetValue(other, property.GetValue(CustomerState.Empty));

        Assert.Empty(StateComparison.Of(full, History.Stored(full)));
        var difference = StateComparison.Of(full, other)[0];
        Assert.StartsWith(string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString())), difference.Name, StringComparison.Ordinal);
        Assert.NotEqual(difference.Recorded, difference.Again);
    }

    [Theory]
    [MemberData(nameof(DecisionParts))]
    public void Every_part_of_a_decision_that_is_kept_is_compared(string name)
    {
        var decision = Made;
        var difference = Assert.Single(DecisionComparison.Of(decision, Altered(decision, name)));

        Assert.Equal(Snake(name), difference.Name);
    }

    [Theory]
    [MemberData(nameof(ItemParts))]
    public void Every_part_of_an_item_that_is_kept_is_compared(string name)
    {
        var decision = Made;
        var difference = Assert.Single(DecisionComparison.Of(decision, decision with { Items = [decision.Items[0], Altered(decision.Items[1], name)] }));

        Assert.Equal($"items[1].{Snake(name)}", difference.Name);
    }

    [Theory]
    [MemberData(nameof(VerdictParts))]
    public void Every_part_of_a_verdict_that_is_kept_is_compared(string name)
    {
        var decision = Made;
        var differences = DecisionComparison.Of(decision, decision with { Verdicts = [decision.Verdicts[0], Altered(decision.Verdicts[1], name)] });

        Assert.All(differences, difference => Assert.StartsWith("verdicts.", difference.Name, StringComparison.Ordinal));
        Assert.NotEmpty(differences);
    }

    [Fact]
    public void What_is_not_kept_makes_no_difference()
    {
        var decision = Made;
        var read = decision with
        {
            Items = [.. decision.Items.Select(item => item with { Content = Values.PropertyMap.Empty, TrackingToken = "" })],
            Verdicts = [.. decision.Verdicts.Select(verdict => verdict with { Reason = "" })],
            Plans = [],
            Rules = [],
        };

        Assert.Empty(DecisionComparison.Of(read, decision));
    }

    [Fact]
    public void An_order_of_verdicts_is_a_difference_too()
    {
        var decision = Made;

        Assert.Equal("verdicts", Assert.Single(DecisionComparison.Of(decision, decision with { Verdicts = [.. decision.Verdicts.Reverse()] })).Name);
    }

    [Fact]
    public void Very_many_differences_are_told_in_part()
    {
        var decision = Made with { Verdicts = [.. Enumerable.Range(0, 100).Select(i => new Verdict($"a{i}", FunnelStage.Consent, "r", "", Values.PropertyMap.Empty))] };

        Assert.Equal(Differences.Max, DecisionComparison.Of(decision, decision with { Verdicts = [] }).Length);
    }

    private static bool IsEmpty(PropertyInfo property, CustomerState state) =>
        Equals(property.GetValue(state), property.GetValue(CustomerState.Empty)) || property.GetValue(state) is System.Collections.ICollection { Count: 0 };

    private static T Altered<T>(T source, string name)
        where T : class
    {
        var clone = (T)source.GetType().GetMethod("<Clone>$")!.Invoke(source, null)!;
        var property = source.GetType().GetProperty(name)!;
        property.SetValue(clone, Other(property.PropertyType, property.GetValue(source)));
        return clone;
    }

    private static object Other(Type type, object? value) => value switch
    {
        string text => text + "x",
        int number => number + 1,
        long number => number + 1,
        ulong number => number + 1,
        double number => number + 0.5,
        bool flag => !flag,
        DateTimeOffset at => at.AddTicks(1),
        FunnelStage stage => stage == FunnelStage.Consent ? FunnelStage.Budget : FunnelStage.Consent,
        ImmutableArray<string> names => names.Add("x"),
        null => Asking.Noon,
        _ => throw new ArgumentException($"no other value for {type}", nameof(type)),
    };

    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));

    private static PropertyInfo[] Public(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static IEnumerable<PropertyInfo> Kept(Type type) => Public(type).Where(property => !NotKept.Contains(property.Name));
}
