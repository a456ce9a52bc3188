using System.Collections.Immutable;
using Decisioning.Storage.Wire;
using Google.Protobuf;

namespace Decisioning.Storage.Codecs;

/// <summary>The files of a strategy to and from their stored form.</summary>
internal static class StrategyFiles
{
    public static byte[] Write(ImmutableArray<StrategyFile> files)
    {
        var stored = new StoredFiles();
        stored.Files.AddRange(files.Select(file => new StoredFile { Path = file.Path, Text = file.Text }));
        return stored.ToByteArray();
    }

    public static ImmutableArray<StrategyFile> Read(byte[] stored) =>
        [.. StoredFiles.Parser.ParseFrom(stored).Files.Select(file => new StrategyFile(file.Path, file.Text))];

    /// <summary>As they are kept: by path in ordinal order.</summary>
    public static ImmutableArray<StrategyFile> Sort(ImmutableArray<StrategyFile> files) =>
        files.Sort(static (left, right) => string.CompareOrdinal(left.Path, right.Path));
}
