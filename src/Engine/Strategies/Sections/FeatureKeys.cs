using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Decisioning.Engine.Features;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>
/// The keys of cells: the first 8 bytes of the SHA-256 over everything that decides what is in the cell, but neither the feature's name nor its
/// slot nor its window, which many features of one cell may differ in. Stored with customers: never change them.
/// </summary>
internal static class FeatureKeys
{
    private const char Between = '\u001f';

    /// <summary>The feature with its key.</summary>
    public static Feature WithKey(Feature feature)
    {
        var kind = CellPlan.KindOf(feature);
        string[] parts =
        [
            ((int)kind).ToString(CultureInfo.InvariantCulture), string.Join(Between, feature.Events), Normal(feature.Where?.Expression.Text), Normal(feature.Of?.Text), "",
            .. kind switch
            {
                CellKind.Min or CellKind.Max or CellKind.MinWindows or CellKind.MaxWindows => [OrderedValue.TypeOf(feature.Of!.Type).ToString()],
                CellKind.Sessions or CellKind.SessionsWindows => [Ticks(feature.Gap)],
                CellKind.Sequence => Parts(feature.Sequence!),
                _ => ImmutableArray<string>.Empty,
            },
        ];
        return feature with { Key = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)))) };
    }

    private static ImmutableArray<string> Parts(SequenceDefinition sequence) =>
    [
        Ticks(sequence.Within), sequence.For is { } lasts ? Ticks(lasts) : "", sequence.Steps.Length.ToString(CultureInfo.InvariantCulture),
        .. sequence.Steps.Concat(sequence.Without).Select(step => string.Join(Between, step.Events) + Between + Between + Normal(step.Where?.Expression.Text)),
    ];

    private static string Ticks(TimeSpan span) => span.Ticks.ToString(CultureInfo.InvariantCulture);

    private static string Normal(string? expression) => expression is null ? "" : expression.Trim().ReplaceLineEndings(" ");
}
