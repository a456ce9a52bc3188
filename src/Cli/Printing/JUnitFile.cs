using System.Globalization;
using System.Xml.Linq;
using Decisioning.Cli.Commands;
using Decisioning.Engine.Testing;

namespace Decisioning.Cli.Printing;

/// <summary>Writes what came of tests in the form that build servers read.</summary>
internal static class JUnitFile
{
    public static void Write(TestResults results, string file)
    {
        var seconds = results.Elapsed.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
        var suites = results.Reports.GroupBy(report => report.Case.File).Select(part => new XElement(
            "testsuite",
            new XAttribute("name", part.Key),
            new XAttribute("tests", part.Count()),
            new XAttribute("failures", part.Count(report => !report.IsPassed)),
            part.Select(Case)));
        new XDocument(new XElement(
            "testsuites",
            new XAttribute("name", results.Strategy.Name),
            new XAttribute("tests", results.Reports.Length),
            new XAttribute("failures", results.Failed),
            new XAttribute("time", seconds),
            suites)).Save(file);
    }

    private static XElement Case(CaseReport report) => new(
        "testcase",
        new XAttribute("name", Visible.Text(report.Case.Name)),
        new XAttribute("classname", report.Case.File),
        new XAttribute("file", report.Case.File),
        new XAttribute("line", report.Case.Line),
        report.Failures.Select(failure => new XElement(
            "failure",
            new XAttribute("message", Visible.Text($"{failure.Subject}: expected {failure.Expected}, got {failure.Actual}")),
            Visible.Text($"{failure.File}:{failure.Line}:{failure.Column}\n{string.Join('\n', failure.Because)}"))));
}
