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
    public void Every_decision_has_a_page_with_its_three_parts() => Assert.Empty(SourceTree.Files("docs/decisions", "*.md")
        .Where(file => new[] { "## Context", "## Choice", "## What we gave up" }.Any(part => !SourceTree.Text(file).Contains(part, StringComparison.Ordinal))));

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
