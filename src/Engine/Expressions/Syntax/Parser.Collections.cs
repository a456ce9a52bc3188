using System.Collections.Immutable;

namespace Decisioning.Engine.Expressions.Syntax;

/// <summary>Arguments, lists and maps.</summary>
internal sealed partial class Parser
{
    private ImmutableArray<Node> Arguments(out Span end)
    {
        _at++;
        return Items(")", "close the call with `)`", trailingComma: false, out end);
    }

    private ImmutableArray<Node> Items(string close, string cure, bool trailingComma, out Span end)
    {
        var items = ImmutableArray.CreateBuilder<Node>();
        while (!Current.Is(close))
        {
            RefuseOptional();
            items.Add(Expression());
            if (!Current.Is(","))
            {
                break;
            }

            _at++;
            if (!trailingComma && Current.Is(close))
            {
                throw new SyntaxException("an argument wants to follow the comma", Current.At);
            }
        }

        end = Expect(close, cure);
        return items.ToImmutable();
    }

    private ListLiteral List()
    {
        var start = Current.At;
        _at++;
        var items = Items("]", "close the list with `]`", trailingComma: true, out var end);
        return new ListLiteral(items, Span.Between(start, end));
    }

    private MapLiteral Map()
    {
        var start = Current.At;
        _at++;
        var entries = ImmutableArray.CreateBuilder<(Node, Node)>();
        while (!Current.Is("}"))
        {
            RefuseOptional();
            var key = Expression();
            Expect(":", "an entry of a map is written `key: value`");
            entries.Add((key, Expression()));
            if (!Current.Is(","))
            {
                break;
            }

            _at++;
        }

        var end = Expect("}", "close the map with `}`");
        return new MapLiteral(entries.ToImmutable(), Span.Between(start, end));
    }
}
