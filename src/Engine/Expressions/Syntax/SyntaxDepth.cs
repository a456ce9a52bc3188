namespace Decisioning.Engine.Expressions.Syntax;

/// <summary>
/// Holds the depth of a tree below <see cref="ExpressionLimits.DepthMax"/>, so that every later pass may recurse.
/// Chains such as `a + b + c` grow the tree without recursion in the parser: so the tree itself is measured.
/// </summary>
internal static class SyntaxDepth
{
    public static readonly string Message = $"the expression is nested more than {ExpressionLimits.DepthMax} levels deep; split it, or write `x in [a, b, c]` for long chains";

    public static void Check(Node root)
    {
        var open = new Stack<(Node Node, int Depth)>();
        open.Push((root, 1));
        while (open.TryPop(out var next))
        {
            if (next.Depth > ExpressionLimits.DepthMax)
            {
                throw new SyntaxException(Message, next.Node.At);
            }

            foreach (var child in ChildrenOf(next.Node))
            {
                open.Push((child, next.Depth + 1));
            }
        }
    }

    public static IEnumerable<Node> ChildrenOf(Node node) => node switch
    {
        Select select => [select.Target],
        IndexOf index => [index.Target, index.Key],
        CallOf { Target: null } call => call.Arguments,
        CallOf call => call.Arguments.Prepend(call.Target),
        Unary unary => [unary.Operand],
        Binary binary => [binary.Left, binary.Right],
        Conditional conditional => [conditional.Condition, conditional.Then, conditional.Else],
        ListLiteral list => list.Items,
        MapLiteral map => map.Entries.SelectMany(entry => new[] { entry.Key, entry.Value }),
        _ => [],
    };
}
