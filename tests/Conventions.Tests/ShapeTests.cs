using System.Reflection;
using System.Text.RegularExpressions;

namespace Decisioning.Conventions.Tests;

/// <summary>What the code looks like.</summary>
public sealed partial class ShapeTests
{
    private const int LinesMax = 400;

    [Fact]
    public void Classes_are_sealed_or_abstract() => Assert.Empty(Assemblies.WrittenTypes()
        .Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false } && type.Name != "Program")
        .Select(type => type.FullName));

    [Fact]
    public void No_file_is_longer_than_400_lines() => Assert.Empty(Sources()
        .Select(file => (File: file, Lines: SourceTree.Text(file).Count(c => c == '\n')))
        .Where(f => f.Lines > LinesMax));

    [Fact]
    public void Sources_hold_no_conditional_compilation() => Assert.Empty(Matches(SourceTree.Files("src", "*.cs"), Conditional()));

    [Fact]
    public void Nothing_is_left_unfinished() => Assert.Empty(Matches(Sources().Where(f => !f.EndsWith("ShapeTests.cs", StringComparison.Ordinal)), Unfinished()));

    [Fact]
    public void Tests_do_not_sleep() => Assert.Empty(Matches(
        SourceTree.Files("tests", "*.cs").Where(f => !f.EndsWith("ShapeTests.cs", StringComparison.Ordinal)), Sleeping()));

    [Fact]
    public void Public_types_of_the_engine_are_documented()
    {
        var documented = SourceTree.Text(Path.GetRelativePath(SourceTree.Root, Path.ChangeExtension(Assemblies.PathOf("Engine"), ".xml")));
        var missing = Assemblies.WrittenTypes()
            .Where(t => t.IsVisible && t.Assembly == Assemblies.Load("Engine"))
            .Where(t => !documented.Contains("\"T:" + t.FullName!.Replace('+', '.') + "\"", StringComparison.Ordinal))
            .Select(t => t.FullName);
        Assert.Empty(missing);
    }

    private static IEnumerable<string> Sources() => new[] { "src", "tests", "fallback", "benchmarks", "loadtests", "eng" }.SelectMany(folder => SourceTree.Files(folder, "*.cs"));

    private static IEnumerable<string> Matches(IEnumerable<string> files, Regex pattern) =>
        files.SelectMany(file => pattern.Matches(SourceTree.Text(file)).Select(match => $"{file}: {match.Value.Trim()}"));

    [GeneratedRegex(@"^\s*#if\b.*$", RegexOptions.Multiline)]
    private static partial Regex Conditional();

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|\bHACK\b|NotImplementedException")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"Thread\.Sleep|Task\.Delay\(")]
    private static partial Regex Sleeping();
}
