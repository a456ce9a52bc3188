using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Decisioning.LoadTests.Runs;

/// <summary>What scenarios found, for the console and as a file.</summary>
internal static class Summary
{
    /// <summary>Prints a scenario's rows.</summary>
    public static void Print(IAnsiConsole console, string title, IReadOnlyList<Row> rows)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new(Markup.Escape(title)) };
        table.AddColumn("").AddColumn(new TableColumn("") { Alignment = Justify.Right }).AddColumn("").AddColumn("budget");
        foreach (var row in rows)
        {
            var colour = row.Budget is { } budget ? budget.Holds(row.Value) ? "green" : "red" : "default";
            table.AddRow(Markup.Escape(row.What), row.Text, Markup.Escape(row.Unit), $"[{colour}]{Markup.Escape(row.Verdict)}[/]");
        }

        console.Write(table);
    }

    /// <summary>A scenario's rows as Markdown.</summary>
    public static string Markdown(string title, IReadOnlyList<Row> rows)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"## {title}\n\n| | | | budget |\n|---|--:|---|---|\n");
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {row.What} | {row.Text} | {row.Unit} | {row.Verdict} |\n");
        }

        return text.Append('\n').ToString();
    }
}
