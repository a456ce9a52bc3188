using System.Globalization;
using Decisioning.V1;
using Google.Protobuf.WellKnownTypes;
using Spectre.Console;

namespace Decisioning.Cli.Printing;

/// <summary>Prints a customer for people.</summary>
internal static class CustomerPrinter
{
    public static void Print(Customer customer)
    {
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{Visible.Text(Connection.Id(customer.Identity))}[/]  sequence {customer.Sequence}  strategy v{customer.StrategyVersion}");
        if (customer.FirstEventAt is { } first && customer.LatestEventAt is { } latest)
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"events from {Time(first)} to {Time(latest)}, {customer.LateEvents} late");
        }

        if (customer.NextLookAt is { } next)
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"time alone may change something at {Time(next)}");
        }

        var table = new Table().Border(TableBorder.Simple).HideHeaders().AddColumns("kind", "name", "value");
        Rows(table, "profile", customer.Profile);
        Rows(table, "feature", customer.Features);
        foreach (var segment in customer.Segments)
        {
            table.AddRow("segment", Safe(segment), string.Empty);
        }

        foreach (var tag in customer.Tags)
        {
            table.AddRow("tag", Safe(tag.Name), Safe($"{tag.Level} by {tag.Evidence} since {Time(tag.Since)}" + (tag.ExpiresAt is { } end ? $" until {Time(end)}" : string.Empty)));
        }

        foreach (var score in customer.Scores)
        {
            table.AddRow("score", Safe(score.Name), Safe($"{score.Points.ToString("0.##", CultureInfo.InvariantCulture)} {score.Grade}"));
        }

        foreach (var stage in customer.Stages)
        {
            table.AddRow("stage", Safe(stage.Name), Safe($"since {Time(stage.EnteredAt)}, entry {stage.Entries}"));
        }

        foreach (var consent in customer.Consents)
        {
            table.AddRow("consent", Safe($"{consent.Purpose} on {consent.Channel}"), Safe($"{consent.Status} since {Time(consent.StatusDate)}"));
        }

        AnsiConsole.Write(table);
    }

    private static void Rows(Table table, string kind, Struct? values)
    {
        foreach (var (name, value) in (values?.Fields ?? []).OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            table.AddRow(kind, Safe(name), Safe(DecisionPrinter.Text(value)));
        }
    }

    private static string Safe(string text) => Markup.Escape(Visible.Text(text));

    private static string Time(Timestamp at) => at.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
