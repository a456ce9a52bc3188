using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Decisioning.Conventions.Tests;

/// <summary>The files of this checkout.</summary>
internal static partial class SourceTree
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "..", ".."));

    /// <summary>Files under a folder, relative to the root with <c>/</c>, without what builds and package managers leave behind.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) => Directory
        .EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Root, file).Replace(Path.DirectorySeparatorChar, '/'))
        .Where(file => !Generated().IsMatch(file))
        .Order(StringComparer.Ordinal);

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    [GeneratedRegex("(^|/)(bin|obj|node_modules|artifacts|\\.git)/")]
    private static partial Regex Generated();

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
