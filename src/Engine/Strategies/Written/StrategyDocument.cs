using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Sections;

namespace Decisioning.Engine.Strategies.Written;

/// <summary>All files of a strategy laid together: one node per section, in the author's order.</summary>
/// <param name="Sections">Section by name.</param>
/// <param name="Files">The files read, <c>strategy.yaml</c> first, then by name.</param>
/// <param name="IsWhole">Whether every file could be read; if not, a name that is not found may stand in one that could not.</param>
/// <param name="Hash">SHA-256 over names and contents, lower-case hex.</param>
/// <param name="Templates">The templates that are files of their own, by their names under <c>templates/</c>.</param>
internal sealed record StrategyDocument(
    ImmutableDictionary<string, WrittenNode> Sections,
    ImmutableArray<string> Files,
    bool IsWhole,
    string Hash,
    ImmutableSortedDictionary<string, SourceText> Templates)
{
    private const string MainFile = "strategy.yaml";

    /// <summary>How many levels of mappings two files may add to each other's: issues &gt; groups &gt; actions.</summary>
    private static int MergeDepth(string section) => section == "issues" ? 3 : 1;

    public static StrategyDocument Read(StrategySource source, Mistakes mistakes)
    {
        var files = source.Files
            .Where(file => StrategySource.IsPart(file.Key))
            .OrderBy(file => file.Key != MainFile)
            .ThenBy(file => file.Key, StringComparer.Ordinal)
            .Select(file => new SourceText(file.Key, file.Value))
            .ToList();
        if (files.TrueForAll(file => StrategySource.IsTemplate(file.File)))
        {
            mistakes.Add(FindingRules.MissingKey, new Place(MainFile, 1, 1), "strategy", "the folder has no strategy; write a file `strategy.yaml` that begins with `strategy: NAME`");
        }

        if (!WithinLimits(files, mistakes))
        {
            return new StrategyDocument(ImmutableDictionary<string, WrittenNode>.Empty, [.. files.Select(file => file.File)], IsWhole: false, "", ImmutableSortedDictionary<string, SourceText>.Empty);
        }

        var sections = ImmutableDictionary.CreateBuilder<string, WrittenNode>(StringComparer.Ordinal);
        var whole = true;
        foreach (var file in files.Where(file => !StrategySource.IsTemplate(file.File)))
        {
            var root = YamlReader.Read(file, mistakes);
            whole &= root is not null;
            Lay(root, sections, mistakes);
        }

        return new StrategyDocument(sections.ToImmutable(), [.. files.Select(file => file.File)], whole, HashOf(files), files
            .Where(file => StrategySource.IsTemplate(file.File))
            .ToImmutableSortedDictionary(file => file.File[StrategySource.TemplateFolder.Length..], file => file, StringComparer.Ordinal));
    }

    private static bool WithinLimits(List<SourceText> files, Mistakes mistakes)
    {
        var bytes = files.Sum(file => (long)Encoding.UTF8.GetByteCount(file.Text));
        if (bytes > Limits.StrategyBytesMax)
        {
            mistakes.Add(FindingRules.Limit, new Place(files[^1].File, 1, 1), "strategy", $"the strategy has {bytes} bytes; at most {Limits.StrategyBytesMax} are read");
        }

        if (files.Count > Limits.StrategyFilesMax)
        {
            mistakes.Add(FindingRules.Limit, new Place(files[^1].File, 1, 1), "strategy", $"the strategy has {files.Count} files; at most {Limits.StrategyFilesMax} are read");
        }

        return !mistakes.Any;
    }

    private static string HashOf(List<SourceText> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            // Lengths keep `a` + `bc` apart from `ab` + `c`.
            var name = Encoding.UTF8.GetBytes(file.File);
            var text = Encoding.UTF8.GetBytes(file.Text);
            hash.AppendData(Encoding.ASCII.GetBytes($"{name.Length}:{text.Length}:"));
            hash.AppendData(name);
            hash.AppendData(text);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Lay(WrittenNode? root, ImmutableDictionary<string, WrittenNode>.Builder sections, Mistakes mistakes)
    {
        if (root is null or { IsEmpty: true })
        {
            return;
        }

        if (root is not WrittenNode.Mapping mapping)
        {
            mistakes.Add(FindingRules.Shape, root.Place, "strategy", $"a strategy file holds sections such as `rules:`, but this one is {root.Kind}");
            return;
        }

        foreach (var entry in mapping.Entries)
        {
            if (!StrategyLanguage.Sections.Names.Contains(entry.Name))
            {
                mistakes.Add(FindingRules.UnknownKey, entry.Key.Place, entry.Name, $"unknown section `{entry.Name}`"
                    + Cures.For(entry.Name, StrategyLanguage.Sections.Names, $"; the language knows {string.Join(", ", StrategyLanguage.Sections.Names.Select(name => $"`{name}`"))}"));
                continue;
            }

            sections[entry.Name] = sections.TryGetValue(entry.Name, out var earlier)
                ? Merge(earlier, entry.Value, entry.Key, entry.Name, MergeDepth(entry.Name), mistakes)
                : entry.Value;
        }
    }

    private static WrittenNode Merge(WrittenNode earlier, WrittenNode later, WrittenNode.Scalar key, string path, int depth, Mistakes mistakes)
    {
        if (earlier.IsEmpty || later is WrittenNode.Broken)
        {
            return earlier.IsEmpty ? later : earlier;
        }

        switch (earlier, later)
        {
            case (WrittenNode.Sequence a, WrittenNode.Sequence b) when path is "rules" or "channels":
                return a with { Items = [.. a.Items, .. b.Items] };
            case (WrittenNode.Mapping a, WrittenNode.Mapping b) when depth > 0:
                return a with { Entries = MergeEntries(a, b, path, depth, mistakes) };
            case (_, { IsEmpty: true }):
                return earlier;
            default:
                mistakes.Add(FindingRules.DuplicateId, key.Place, path, $"`{key.Text}` is written twice; the first is at {earlier.Place.File}:{earlier.Place.Line}");
                return earlier;
        }
    }

    private static ImmutableArray<WrittenEntry> MergeEntries(WrittenNode.Mapping a, WrittenNode.Mapping b, string path, int depth, Mistakes mistakes)
    {
        var entries = a.Entries.ToBuilder();
        var places = a.Entries.Select((entry, index) => (entry.Name, index)).ToDictionary(pair => pair.Name, pair => pair.index, StringComparer.Ordinal);
        foreach (var entry in b.Entries)
        {
            if (!places.TryGetValue(entry.Name, out var at))
            {
                entries.Add(entry);
            }
            else
            {
                entries[at] = entries[at] with { Value = Merge(entries[at].Value, entry.Value, entry.Key, $"{path}.{entry.Name}", depth - 1, mistakes) };
            }
        }

        return entries.ToImmutable();
    }
}
