using System.Globalization;
using NBomber.Contracts;
using NBomber.Contracts.Stats;

namespace NBomber.Reporting;

/// <summary>Prints and writes what a test measured.</summary>
internal static class Reports
{
    public static ReportFile[] Write(NBomberContext context, NodeStats stats)
    {
        var files = context.HasReports ? Files(context, stats) : [];
        if (context.HasConsole)
        {
            ConsoleReport.Print(context.Console, stats);
        }

        return files;
    }

    private static ReportFile[] Files(NBomberContext context, NodeStats stats)
    {
        Directory.CreateDirectory(context.ReportFolder);
        var name = context.ReportFileName ?? string.Create(CultureInfo.InvariantCulture, $"nbomber_report_{stats.TestInfo.Created:yyyy-MM-dd--HH-mm-ss}");
        var files = context.ReportFormats.Distinct().Select(format =>
        {
            var (extension, content) = format switch
            {
                ReportFormat.Html => ("html", HtmlReport.Of(stats)),
                ReportFormat.Md => ("md", TextReports.Markdown(stats)),
                ReportFormat.Csv => ("csv", TextReports.Csv(stats)),
                _ => ("txt", TextReports.Plain(stats)),
            };
            return new ReportFile { FilePath = Path.Combine(context.ReportFolder, $"{name}.{extension}"), ReportFormat = format, ReportContent = content };
        }).ToArray();
        foreach (var file in files)
        {
            File.WriteAllText(file.FilePath, file.ReportContent);
        }

        // The documented formats hold no JSON: it comes with any of them.
        File.WriteAllText(Path.Combine(context.ReportFolder, name + ".json"), JsonReport.Of(stats));
        return files;
    }
}
