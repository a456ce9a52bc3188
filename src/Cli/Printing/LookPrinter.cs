using System.Globalization;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Testing;

namespace Decisioning.Cli.Printing;

/// <summary>Prints what was seen at one look of a test: the customer, what was offered, and why not the rest.</summary>
internal static class LookPrinter
{
    public static void Print(LookReport look)
    {
        var customer = look.Customer;
        Line($"  [bold]at {look.At}[/] (line {look.Line})");
        Names("stages", customer.Stages.Select(stage => stage.Name));
        Names("segments", customer.Segments);
        Names("tags", customer.Tags.Select(tag => tag.Level.Length == 0 ? tag.Name : $"{tag.Name} {tag.Level}"));
        Names("scores", customer.Scores.Select(score => $"{score.Name} {Number(score.Points)}{(score.Grade.Length == 0 ? "" : " " + score.Grade)}"));
        if (look.Decision is not { } decision)
        {
            return;
        }

        foreach (var item in decision.Items)
        {
            var text = item.Content["text"] is { IsNull: false } content ? $"  “{content.AsString()}”" : "";
            Line($"    [green]{item.Rank}. {item.Action}[/]  {item.Channel}/{item.Placement}  {Number(item.Priority)} = {Number(item.Propensity)} × {Number(item.ContextWeight)} × {Number(item.Value)} × {Number(item.LeverWeight)}{text}");
        }

        if (decision.Items.IsEmpty)
        {
            Line($"    [yellow]no action[/]");
        }

        foreach (var verdict in decision.Verdicts)
        {
            var again = verdict.AllowedAgainAt is { } at ? $"; again from {at.UtcDateTime:yyyy-MM-dd HH:mm}Z" : "";
            Line($"    not {verdict.Action}: {Name(verdict.Stage)}, {verdict.Reason}{again}");
            if (verdict.WouldWin is { } change)
            {
                Line($"        [grey]{change.Text}[/]");
            }
        }
    }

    private static string Name(FunnelStage stage) => stage == FunnelStage.ContactPolicy ? "contact policy" : stage.ToString().ToLowerInvariant();

    private static string Number(double number) => Math.Round(number, 3).ToString(CultureInfo.InvariantCulture);

    private static void Names(string what, IEnumerable<string> names)
    {
        if (names.Any())
        {
            Line($"    {what}: {string.Join(", ", names)}");
        }
    }

    private static void Line(FormattableString text) => DecisionPrinter.Line(text);
}
