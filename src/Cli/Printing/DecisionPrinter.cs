using System.Globalization;
using Decisioning.V1;
using Google.Protobuf.WellKnownTypes;
using Spectre.Console;

namespace Decisioning.Cli.Printing;

/// <summary>Prints a decision for people.</summary>
internal static class DecisionPrinter
{
    public static void Print(Decision decision)
    {
        AnsiConsole.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"[bold]decision {decision.DecisionId}[/]  {decision.Strategy} v{decision.StrategyVersion}  sequence {decision.Sequence}  {decision.ElapsedUs} µs");
        Line("stages", decision.Stages);
        Line("segments", decision.Segments);
        Line("tags", decision.Tags);
        PrintItems(decision);
        PrintSuppressed(decision);
        foreach (var rule in decision.Rules)
        {
            Print(rule);
        }
    }

    private static void PrintItems(Decision decision)
    {
        if (decision.Items.Count == 0)
        {
            AnsiConsole.MarkupLine("[yellow]no action[/]");
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("#", "action", "where", "priority", "= propensity", "× context", "× value", "× lever", "why");
        foreach (var item in decision.Items)
        {
            table.AddRow(
                item.Rank.ToString(CultureInfo.InvariantCulture),
                Markup.Escape($"{item.Issue} > {item.Group} > {item.Action}" + (item.IsFallback ? " (fallback)" : string.Empty)),
                Markup.Escape($"{item.Channel}/{item.Placement}"),
                Number(item.Scores.Priority),
                Number(item.Scores.Propensity),
                Number(item.Scores.ContextWeight),
                Number(item.Scores.Value),
                Number(item.Scores.LeverWeight),
                Markup.Escape(string.Join("\n", item.Reasons)));
        }

        AnsiConsole.Write(table);
        foreach (var item in decision.Items.Where(i => i.Content.ContainsKey("text")))
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"  {item.Rank}. “{item.Content["text"]}”");
        }
    }

    private static void PrintSuppressed(Decision decision)
    {
        if (decision.Suppressed.Count == 0)
        {
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("not", "dropped at", "by", "because");
        foreach (var suppressed in decision.Suppressed)
        {
            var again = suppressed.AllowedAgainAt is { } at ? $" (again from {at.ToDateTimeOffset():yyyy-MM-dd HH:mm}Z)" : string.Empty;
            table.AddRow(
                Markup.Escape(suppressed.Action),
                suppressed.Stage.ToString(),
                Markup.Escape(suppressed.RuleId),
                Markup.Escape(suppressed.Reason + again));
        }

        AnsiConsole.Write(table);
    }

    private static void Print(RuleReport rule)
    {
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"rule [bold]{rule.RuleId}[/]: {(rule.Holds ? "holds" : "does not hold")}");
        foreach (var layer in rule.Layers)
        {
            var mark = layer.Result switch
            {
                LayerResult.Held => "[green]held[/]     ",
                LayerResult.Failed => "[red]failed[/]   ",
                LayerResult.Error => "[yellow]error[/]    ",
                _ => "[grey]not asked[/]",
            };
            var seen = layer.Seen is null ? string.Empty : string.Join(", ", layer.Seen.Fields.Select(f => $"{f.Key} = {Text(f.Value)}"));
            AnsiConsole.MarkupLine($"  {mark}  {Markup.Escape($"{layer.Layer,-9} {layer.Expression}")}  [grey]{Markup.Escape(seen)} {Markup.Escape(layer.Error)}[/]");
        }
    }

    private static void Line(string name, IEnumerable<string> values)
    {
        var text = string.Join(", ", values);
        if (text.Length > 0)
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{name}: {text}");
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

    private static string Number(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
