using System.Globalization;
using System.Text.Json;
using Decisioning.Engine.Decisions;

namespace Decisioning.Tests.Shared;

/// <summary>What must come out of a question: only what the case names is compared, <c>items</c> always.</summary>
/// <param name="Json">As the case has it.</param>
public sealed record ExpectedDecision(JsonElement Json)
{
    /// <summary>Where a decision differs; empty when it is as expected.</summary>
    public IEnumerable<string> Differences(Decision decision)
    {
        var lists = new (string Name, IEnumerable<string> Actual)[]
        {
            ("items", decision.Items.Select(item => $"{(item.Container.Length > 0 ? item.Container + "." : "")}{item.Placement}: {item.Action}")),
            ("unknown_placements", decision.UnknownPlacements),
            ("texts", decision.Items.Select(item => item.Content["text"].AsString())),
            ("reasons", decision.Items.SelectMany(item => item.Reasons)),
            ("stages", decision.Stages),
            ("segments", decision.Segments),
            ("tags", decision.Tags),
            ("plans", decision.Plans.Select(plan => $"{plan.Stage}, {plan.Objective}, {plan.Message}, {plan.Level}")),
            ("touch", [decision.Touch]),
            ("send_at", decision.Items.Select(item => Instant(item.SendAt))),
        };
        return lists
            .Where(list => list.Name == "items" || Json.TryGetProperty(list.Name, out _))
            .SelectMany(list => Differ(list.Name, Joined(list.Name), string.Join(" | ", list.Actual)))
            .Concat(Members("verdicts").SelectMany(member => Verdict(decision, member)))
            .Concat(Members("content").SelectMany(member => Content(decision, member)))
            .Concat(Members("rules").SelectMany(member => Differ($"rule `{member.Name}`", member.Value.GetString()!, Layers(decision, member.Name))))
            .Concat(Members("probabilities").SelectMany(member => Differ($"probability of `{member.Name}`", Number(member.Value.GetDouble()), Numbers(decision, member.Name, item => item.ActionProbability))))
            .Concat(Members("priorities").SelectMany(member => Differ($"priority of `{member.Name}`", Number(member.Value.GetDouble()), Numbers(decision, member.Name, item => item.Priority))));
    }

    private static IEnumerable<string> Verdict(Decision decision, JsonProperty expected)
    {
        var verdict = decision.Verdicts.FirstOrDefault(verdict => verdict.Action == expected.Name);
        var actual = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["stage"] = verdict?.Stage.ToString() ?? "none",
            ["rule"] = verdict?.Rule ?? "",
            ["reason"] = verdict?.Reason ?? "",
            ["allowed_again_at"] = Instant(verdict?.AllowedAgainAt),
            ["priority"] = Number(verdict?.Priority ?? 0),
            ["would_win"] = verdict?.WouldWin?.Text ?? "",
        };
        return expected.Value.EnumerateObject().SelectMany(part => Differ($"{part.Name} of `{expected.Name}`", part.Value.ToString(), actual[part.Name]));
    }

    private static IEnumerable<string> Content(Decision decision, JsonProperty expected) => expected.Value.EnumerateObject().SelectMany(part => Differ(
        $"{part.Name} of `{expected.Name}`",
        part.Value.GetString()!,
        decision.Items.FirstOrDefault(item => item.Action == expected.Name)?.Content is { } content && content.TryGet(part.Name, out var text) ? text.AsString() : "none"));

    private static string Instant(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    private static string Numbers(Decision decision, string action, Func<DecisionItem, double> number) =>
        string.Join(' ', decision.Items.Where(item => item.Action == action).Select(item => Number(number(item))));

    private static string Number(double number) => Math.Round(number, 6).ToString(CultureInfo.InvariantCulture);

    private static string Layers(Decision decision, string rule) => string.Join(' ', decision.Rules
        .Where(report => report.Rule == rule)
        .SelectMany(report => report.Layers)
        .Select(layer => $"{layer.Layer}:{layer.Result}"));

    private static IEnumerable<string> Differ(string what, string expected, string actual) =>
        expected == actual ? [] : [$"{what}: expected `{expected}`, got `{actual}`"];

    private string Joined(string name) => string.Join(" | ", Json.GetProperty(name).EnumerateArray().Select(item =>
        item.ValueKind == JsonValueKind.Object ? string.Join(", ", item.EnumerateObject().Select(pair => $"{pair.Name}: {pair.Value}")) : item.ToString()));

    private List<JsonProperty> Members(string name) => Json.TryGetProperty(name, out var members) ? [.. members.EnumerateObject()] : [];
}
