using System.Globalization;
using Decisioning.V1;
using Google.Protobuf.WellKnownTypes;
using Spectre.Console;

namespace Decisioning.Cli.Printing;

/// <summary>Prints a decision for people: plain lines, which read the same in a narrow window and in a file.</summary>
internal static class DecisionPrinter
{
    public static void Print(Decision decision)
    {
        Line($"[bold]decision {decision.DecisionId}[/]  {decision.Strategy} v{decision.StrategyVersion}  sequence {decision.Sequence}  {decision.ElapsedUs} µs");
        Names("stages", decision.Stages);
        Names("segments", decision.Segments);
        Names("tags", decision.Tags);
        if (decision.Touch.Length > 0)
        {
            Line($"touch: {decision.Touch}");
        }

        foreach (var plan in decision.Plans)
        {
            Line($"plan of {plan.Stage}: {plan.Objective}; “{plan.Message}” ({plan.Level.ToString().ToLowerInvariant()})");
        }

        if (decision.Items.Count == 0)
        {
            Line($"[yellow]no action[/]");
        }

        foreach (var item in decision.Items)
        {
            Print(item);
        }

        foreach (var suppressed in decision.Suppressed)
        {
            Print(suppressed);
        }

        foreach (var rule in decision.Rules)
        {
            Print(rule);
        }
    }

    private static void Print(DecisionItem item)
    {
        var scores = item.Scores;
        Line($"[green]{item.Rank}. {item.Issue} > {item.Group} > {item.Action}[/]  {item.Channel}/{item.Placement}{Kind(item)}");
        Line($"     priority {Number(scores.Priority)} = propensity {Number(scores.Propensity)} × context {Number(scores.ContextWeight)} × value {Number(scores.Value)} × lever {Number(scores.LeverWeight)}");
        if (item.Content.TryGetValue("text", out var text) || item.Content.TryGetValue("html", out text))
        {
            Line($"     “{text}”");
        }

        if (item.Reasons.Count > 0)
        {
            Line($"     [grey]because of {string.Join(", ", item.Reasons)}[/]");
        }
    }

    private static string Kind(DecisionItem item) => string.Concat(
        item.IsMandatory ? "  (mandatory)" : item.IsFallback ? "  (fallback)" : string.Empty,
        item.ActionProbability < 1 ? $"  (picked with probability {Number(item.ActionProbability)})" : string.Empty,
        item.Bundle.Length > 0 ? $"  (bundle of {item.Bundle})" : string.Empty,
        item.SendAt is { } at ? $"  (send at {at.ToDateTimeOffset():yyyy-MM-dd HH:mm}Z)" : string.Empty);

    private static string Name(FunnelStage stage) =>
        stage == FunnelStage.ContactPolicy ? "contact policy" : stage.ToString().ToLowerInvariant();

    private static void Print(SuppressedAction suppressed)
    {
        var again = suppressed.AllowedAgainAt is { } at ? $"; again from {at.ToDateTimeOffset():yyyy-MM-dd HH:mm}Z" : string.Empty;
        var priority = suppressed.Priority > 0 ? $"priority {Number(suppressed.Priority)}; " : string.Empty;
        Line($"not {suppressed.Action}: {Name(suppressed.Stage)}, {priority}{suppressed.Reason}{again}  [grey]({suppressed.RuleId})[/]");
        if (suppressed.Seen is { } seen)
        {
            Line($"     [grey]{Seen(seen)}[/]");
        }

        if (suppressed.WouldWin is { } counterfactual)
        {
            Line($"     {counterfactual.Text}");
        }
    }

    private static void Print(RuleReport rule)
    {
        Line($"rule [bold]{rule.RuleId}[/]: {(rule.Holds ? "holds" : "does not hold")}");
        foreach (var layer in rule.Layers)
        {
            var seen = layer.Seen is null ? string.Empty : "  " + Seen(layer.Seen);
            var told = $"{layer.Layer.PadRight(9)} {layer.Expression}";
            switch (layer.Result)
            {
                case LayerResult.Held:
                    Line($"  [green]held     [/] {told}[grey]{seen}[/]");
                    break;
                case LayerResult.Failed:
                    Line($"  [red]failed   [/] {told}[grey]{seen}[/]");
                    break;
                case LayerResult.Error:
                    Line($"  [yellow]error    [/] {told}[grey]{seen}  {layer.Error}[/]");
                    break;
                default:
                    Line($"  [grey]not asked {told}[/]");
                    break;
            }
        }
    }

    private static void Names(string name, Google.Protobuf.Collections.RepeatedField<string> values)
    {
        if (values.Count > 0)
        {
            Line($"{name}: {string.Join(", ", values)}");
        }
    }

    // Wrapping belongs to the terminal, which knows its width; a file has none.
    internal static void Line(FormattableString text)
    {
        var safe = text.GetArguments().Select(argument => (object)Markup.Escape(Visible.Text(Convert.ToString(argument, CultureInfo.InvariantCulture) ?? string.Empty))).ToArray();
        var line = string.Format(CultureInfo.InvariantCulture, text.Format, safe);
        if (AnsiConsole.Profile.Out.IsTerminal)
        {
            AnsiConsole.MarkupLine(line);
        }
        else
        {
            Console.WriteLine(Markup.Remove(line));
        }
    }

    internal static string Text(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.NumberValue => value.NumberValue.ToString("0.######", CultureInfo.InvariantCulture),
        Value.KindOneofCase.StringValue => value.StringValue,
        Value.KindOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        Value.KindOneofCase.NullValue or Value.KindOneofCase.None => "null",
        _ => value.ToString(),
    };

    private static string Seen(Struct seen) => string.Join(", ", seen.Fields.Select(field => $"{field.Key} = {Text(field.Value)}"));

    private static string Number(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
