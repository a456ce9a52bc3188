using System.Text.RegularExpressions;

namespace Decisioning.Conventions.Tests;

/// <summary>Documents point at what is there.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Links_in_documents_lead_somewhere()
    {
        var broken =
            from document in SourceTree.Files(".", "*.md")
            from Match link in Link().Matches(SourceTree.Text(document))
            let target = link.Groups["target"].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
            let path = Path.Combine(SourceTree.Root, Path.GetDirectoryName(document)!, target)
            where !File.Exists(path) && !Directory.Exists(path)
            select $"{document}: {target}";
        Assert.Empty(broken);
    }

    [Fact]
    public void Links_to_a_heading_name_one_that_is_there()
    {
        var broken =
            from document in SourceTree.Files(".", "*.md")
            from Match link in Link().Matches(SourceTree.Text(document))
            let parts = link.Groups["target"].Value.Split('#')
            where parts.Length == 2 && !parts[0].Contains("://", StringComparison.Ordinal)
            let target = parts[0].Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document)!, parts[0])
            where !Anchors(target).Contains(parts[1])
            select $"{document}: {link.Groups["target"].Value}";
        Assert.Empty(broken);
    }

    [Fact]
    public void Every_log_message_that_calls_for_somebody_is_told_of_in_operations()
    {
        var rows = SourceTree.Text("docs/operations.md").Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Split('|')[1]);
        var told = rows.SelectMany(numbers => EventNumber().Matches(numbers)).Select(number => number.Value).ToHashSet(StringComparer.Ordinal);
        var untold =
            from file in SourceTree.Files("src", "*.cs")
            from Match message in CallingMessage().Matches(SourceTree.Text(file))
            where !told.Contains(message.Groups["id"].Value)
            select $"{file}: {message.Groups["id"].Value}";
        Assert.Empty(untold);
    }

    [Fact]
    public void Every_decision_has_a_page_with_its_three_parts() => Assert.Empty(SourceTree.Files("docs/decisions", "*.md")
        .Where(file => new[] { "## Context", "## Choice", "## What we gave up" }.Any(part => !SourceTree.Text(file).Contains(part, StringComparison.Ordinal))));

    // As they are made where documents are shown: small letters, marks left out, blanks as hyphens.
    private static HashSet<string> Anchors(string document) => Heading().Matches(SourceTree.Text(document))
        .Select(heading => NotInAnchor().Replace(heading.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))
        .ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex("(?m)^#+ (?<text>.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"\b\d{3}\b")]
    private static partial Regex EventNumber();

    [GeneratedRegex(@"EventId = (?<id>\d+),\s*Level = LogLevel\.(Warning|Error|Critical)")]
    private static partial Regex CallingMessage();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
