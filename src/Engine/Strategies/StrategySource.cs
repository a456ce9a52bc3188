using System.Collections.Immutable;

namespace Decisioning.Engine.Strategies;

/// <summary>A strategy as written: the files of its folder.</summary>
/// <param name="Files">Text by file name relative to the folder, with <c>/</c>; <c>strategy.yaml</c> is the main one.</param>
public sealed record StrategySource(ImmutableSortedDictionary<string, string> Files)
{
    /// <summary>Where templates of content stand that are files of their own.</summary>
    internal const string TemplateFolder = "templates/";

    /// <summary>
    /// Whether a file of a strategy's folder is part of the strategy: YAML, but neither a test, nor an import mapping, nor in a
    /// folder that begins with a dot; or a template, <c>templates/*.hbs</c>, also in folders under it.
    /// </summary>
    /// <param name="path">Relative to the folder, with <c>/</c>.</param>
    public static bool IsPart(string path) =>
        (path.EndsWith(".yaml", StringComparison.Ordinal) || IsTemplate(path))
        && !path.EndsWith(".map.yaml", StringComparison.Ordinal)
        && !path.Split('/').SkipLast(1).Any(folder => folder is "tests" or "import" || folder.StartsWith('.'));

    /// <summary>Whether a file is a template.</summary>
    internal static bool IsTemplate(string path) => path.StartsWith(TemplateFolder, StringComparison.Ordinal) && path.EndsWith(".hbs", StringComparison.Ordinal);

    /// <summary>Whether a file of a strategy's folder holds tests of it: YAML in the folder <c>tests</c> or one under it.</summary>
    /// <param name="path">Relative to the folder, with <c>/</c>.</param>
    public static bool IsTest(string path) => path.StartsWith("tests/", StringComparison.Ordinal) && path.EndsWith(".yaml", StringComparison.Ordinal);
}
