using System.Collections.Immutable;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Linting;

namespace Decisioning.Engine.Tests.Strategies;

/// <summary>Strategies with one fault each, from <c>tests/cases/faults</c>: every one is caught, where it is, and nothing else is.</summary>
public sealed class FaultTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly string Folder = Path.GetFullPath(Path.Combine(SampleStrategies.Root, "../tests/cases/faults"));
    private static readonly string Base = File.ReadAllText(Path.Combine(Folder, "base.yaml"));
    private static readonly ImmutableArray<Fault> All = [.. Read(File.ReadAllLines(Path.Combine(Folder, "faults.txt")))];

    public static TheoryData<string> Names => [.. All.Select(fault => fault.Name)];

    [Fact]
    public void The_strategy_without_a_fault_has_no_finding() => Assert.Equal("", Shown(Lint(Base)));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_fault_is_caught_with_its_place_and_nothing_else_is(string name)
    {
        var fault = All.Single(one => one.Name == name);
        var (text, places) = Fragments.Unmark(fault.Edits.Aggregate(Base, Replace));

        var findings = Lint(text);

        Assert.True(findings.Length == fault.Findings.Length, $"{fault.Findings.Length} findings are expected, but there are:\n{Shown(findings)}");
        foreach (var (index, (finding, expected)) in findings.Zip(fault.Findings).Index())
        {
            Assert.True(finding.Rule == expected.Rule && finding.Message.Contains(expected.Message, StringComparison.Ordinal), $"`{expected.Rule}: {expected.Message}` is expected, but it is:\n{finding}");
            Assert.True(index >= places.Length || places[index] == $"{finding.Line}:{finding.Column}", $"{places.ElementAtOrDefault(index)} is expected, but it is:\n{finding}");
        }

        Assert.False(places.IsEmpty, "a fault says where it is");
    }

    [Fact]
    public void Every_check_is_put_to_the_test()
    {
        // Too much of something is tested with the limits, not here.
        var missed = FindingRules.All.Select(rule => rule.Id).Except(All.SelectMany(fault => fault.Findings).Select(finding => finding.Rule)).Except(["limit"]);

        Assert.Equal([], missed);
        Assert.True(All.Length >= 60, $"{All.Length} faults");
    }

    [Fact]
    public void Warnings_stop_nothing()
    {
        var report = StrategyLinter.Lint(Source(Base.Replace("  holiday: [01-01, 12-25]", "  holiday: [2025-01-01]", StringComparison.Ordinal)), Now);

        Assert.NotNull(report.Strategy);
        Assert.Equal((0, 1), (report.Errors, report.Warnings));
    }

    [Theory]
    [InlineData("  searches: { count: Page Viewed }   # lint: allow unused", 0)]
    [InlineData("  # for the export. lint: allow unused\n  searches: { count: Page Viewed }\n  visits: { count: Page Viewed, within: 7d }", 0)]
    [InlineData("  # lint: allow unused\n  searches: { count: Page Viewed }\n\n  visits: { count: Page Viewed, within: 7d }", 1)]
    [InlineData("  searches: { count: Page Viewed, within: 2y }   # lint: allow unused, window-over-retention", 0)]
    [InlineData("  searches: { count: Page Viewed, within: 2y }   # lint: allow unused", 1)]
    public void A_comment_allows_a_warning_where_it_stands(string features, int left) =>
        Assert.Equal(left, Lint(Base.Replace("features:\n", $"features:\n{features}\n", StringComparison.Ordinal)).Length);

    [Fact]
    public void The_cost_counts_what_an_event_and_a_decision_touch()
    {
        var cost = StrategyLinter.Lint(Source(Base), Now).Cost!;

        Assert.Equal(("Order Completed", 4, 3), cost.Events.Where(one => one.Event == "Order Completed").Select(one => (one.Event, one.Features, one.Rules)).Single());
        Assert.Equal((0, 2), (cost.OtherEvent.Features, cost.OtherEvent.Rules));
        Assert.Equal(("web", "hero", 3), cost.Placements.Where(one => one.Placement == "hero").Select(one => (one.Channel, one.Placement, one.Candidates)).Single());
        Assert.All(cost.Events, one => Assert.InRange(one.Microseconds, cost.OtherEvent.Microseconds, 100));
    }

    private static ImmutableArray<Finding> Lint(string text) => StrategyLinter.Lint(Source(text), Now).Findings;

    private static StrategySource Source(string text) => new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("strategy.yaml", text));

    private static string Shown(ImmutableArray<Finding> findings) => string.Join('\n', findings);

    private static string Replace(string text, (string Old, string New) edit)
    {
        var at = text.IndexOf(edit.Old, StringComparison.Ordinal);
        Assert.True(at >= 0 && text.IndexOf(edit.Old, at + 1, StringComparison.Ordinal) < 0, $"base.yaml does not have exactly once:\n{edit.Old}");
        return text.Remove(at, edit.Old.Length).Insert(at, edit.New);
    }

    private static IEnumerable<Fault> Read(string[] lines)
    {
        foreach (var block in string.Join('\n', lines.Where(line => !line.StartsWith("# ", StringComparison.Ordinal))).Split("fault: ").Skip(1))
        {
            var (edits, findings, isNew) = (new List<(string Old, string New)>(), ImmutableArray.CreateBuilder<(string, string)>(), true);
            foreach (var line in block.Split('\n').Skip(1).Where(line => line.Length > 0))
            {
                var rest = line.Length > 2 ? line[2..] : "";
                switch (line[0])
                {
                    case '-':
                        edits.Add(isNew ? (rest + "\n", "") : (edits[^1].Old + rest + "\n", ""));
                        if (!isNew)
                        {
                            edits.RemoveAt(edits.Count - 2);
                        }

                        isNew = false;
                        break;
                    case '+':
                        edits[^1] = (edits[^1].Old, edits[^1].New + rest + "\n");
                        isNew = true;
                        break;
                    default:
                        var colon = rest.IndexOf(": ", StringComparison.Ordinal);
                        findings.Add((rest[..colon], rest[(colon + 2)..]));
                        break;
                }
            }

            yield return new(block[..block.IndexOf('\n')], [.. edits], findings.ToImmutable());
        }
    }

    private sealed record Fault(string Name, ImmutableArray<(string Old, string New)> Edits, ImmutableArray<(string Rule, string Message)> Findings);
}
