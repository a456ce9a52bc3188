using System.Collections.Immutable;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Tests.Strategies;

/// <summary>Compiles pieces of strategies.</summary>
internal static class Fragments
{
    /// <summary>What most pieces need around them.</summary>
    public const string Base = """
        strategy: piece
        profile: { first_name: string, nps: { type: int, min: 0, max: 10 }, plan: { type: string, values: [none, plus] }, birthday: date, member: bool }
        events:
          Product Viewed: { price: double, category: string, quantity: int }
          Order Completed: { total: double, products: list }

        """;

    /// <summary>Stands before the character at which a mistake is expected.</summary>
    public const char Mark = '«';

    public static StrategyCompilation Compile(params (string File, string Text)[] files) =>
        StrategyCompiler.Compile(new StrategySource(files.ToImmutableSortedDictionary(file => file.File, file => file.Text, StringComparer.Ordinal)), 1);

    /// <summary>Compiles <see cref="Base"/> and a piece in a file of its own.</summary>
    public static StrategyCompilation CompilePiece(string piece) =>
        Compile(("strategy.yaml", Base), ("piece.yaml", piece));

    public static Strategy Compiled(string piece)
    {
        var (strategy, errors) = CompilePiece(piece);
        Assert.True(errors.IsEmpty, string.Join(Environment.NewLine, errors));
        return strategy!;
    }

    /// <summary>Compiles one file.</summary>
    public static Strategy CompiledWhole(string text)
    {
        var (strategy, errors) = Compile(("strategy.yaml", text));
        Assert.True(errors.IsEmpty, string.Join(Environment.NewLine, errors));
        return strategy!;
    }

    /// <summary>Takes the marks out of a text and tells where they stood.</summary>
    public static (string Text, ImmutableArray<string> Places) Unmark(string marked)
    {
        var text = new System.Text.StringBuilder();
        var places = ImmutableArray.CreateBuilder<string>();
        var (line, column) = (1, 1);
        foreach (var c in marked)
        {
            if (c == Mark)
            {
                places.Add($"{line}:{column}");
                continue;
            }

            text.Append(c);
            (line, column) = c == '\n' ? (line + 1, 1) : (line, column + 1);
        }

        return (text.ToString(), places.ToImmutable());
    }
}
