using System.Text;
using Decisioning.Engine.Expressions.Runtime;

namespace Decisioning.Engine.Expressions.Syntax;

/// <summary>Writes a syntax tree as text that parses to the same tree, in one form: single blanks, no needless brackets.</summary>
internal static class Printer
{
    public static string Print(Node node)
    {
        var to = new StringBuilder();
        Write(node, 0, to);
        return to.ToString();
    }

    private static void Write(Node node, int lowest, StringBuilder to)
    {
        var brackets = Precedence(node) < lowest;
        to.Append(brackets ? "(" : "");
        switch (node)
        {
            case Literal literal:
                to.Append(DynText.Literal(literal.Value));
                break;
            case Name name:
                to.Append(name.Absolute ? "." : "").Append(name.Identifier);
                break;
            case Select select:
                Write(select.Target, 7, to);
                to.Append('.').Append(Member(select.Member));
                break;
            case IndexOf index:
                Write(index.Target, 7, to);
                to.Append('[');
                Write(index.Key, 0, to);
                to.Append(']');
                break;
            case CallOf call:
                if (call.Target is not null)
                {
                    Write(call.Target, 7, to);
                    to.Append('.');
                }

                to.Append(call.Function).Append('(');
                Items(call.Arguments, to);
                to.Append(')');
                break;
            case Unary unary:
                to.Append(unary.Operator.Symbol());
                // `-` before digits would join them: `-(1)` is not the literal `-1`.
                Write(unary.Operand, unary is { Operator: Operator.Negate, Operand: var operand } && BeginsWithNumber(operand) ? 9 : 6, to);
                break;
            case Binary binary:
                Write(binary.Left, binary.Operator.Precedence(), to);
                to.Append(' ').Append(binary.Operator.Symbol()).Append(' ');
                Write(binary.Right, binary.Operator.Precedence() + 1, to);
                break;
            case Conditional conditional:
                Write(conditional.Condition, 1, to);
                to.Append(" ? ");
                Write(conditional.Then, 1, to);
                to.Append(" : ");
                Write(conditional.Else, 0, to);
                break;
            case ListLiteral list:
                to.Append('[');
                Items(list.Items, to);
                to.Append(']');
                break;
            case MapLiteral map:
                Entries(map, to);
                break;
        }

        to.Append(brackets ? ")" : "");
    }

    private static int Precedence(Node node) => node switch
    {
        Conditional => 0,
        Binary binary => binary.Operator.Precedence(),
        Unary => 6,
        _ => 8,
    };

    // The leftmost leaf of a member chain decides whether `-` before it would be read as a sign.
    private static bool BeginsWithNumber(Node node) => node switch
    {
        Literal { Value.Kind: DynKind.Int or DynKind.Double } => true,
        Select { Target: var target } => BeginsWithNumber(target),
        IndexOf { Target: var target } => BeginsWithNumber(target),
        CallOf { Target: { } target } => BeginsWithNumber(target),
        _ => false,
    };

    private static void Items(IEnumerable<Node> items, StringBuilder to)
    {
        var separator = "";
        foreach (var item in items)
        {
            to.Append(separator);
            Write(item, 0, to);
            separator = ", ";
        }
    }

    private static void Entries(MapLiteral map, StringBuilder to)
    {
        var separator = "{";
        foreach (var (key, value) in map.Entries)
        {
            to.Append(separator);
            Write(key, 0, to);
            to.Append(": ");
            Write(value, 0, to);
            separator = ", ";
        }

        to.Append(map.Entries.IsEmpty ? "{}" : "}");
    }

    private static string Member(string name) => IsPlain(name) ? name : $"`{name}`";

    private static bool IsPlain(string name) =>
        name != "in" && (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
