using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Sections;

/// <summary>Compiles the expressions of a strategy; their mistakes get the place in the file.</summary>
internal static class Conditions
{
    /// <summary>A condition; null when it is not there or has a mistake, which is then reported.</summary>
    public static Condition? Compile(WrittenNode? node, string path, ExpressionSchema<Facts> schema, Mistakes mistakes) =>
        Expression(node, path, schema, CelType.Bool, mistakes) is { } expression ? new Condition(path, expression) : null;

    /// <summary>An expression of a type; null when it is not there or has a mistake, which is then reported.</summary>
    public static CompiledExpression<Facts>? Expression(WrittenNode? node, string path, ExpressionSchema<Facts> schema, CelType type, Mistakes mistakes)
    {
        if (node is not WrittenNode.Scalar scalar)
        {
            if (node is WrittenNode.Mapping or WrittenNode.Sequence)
            {
                mistakes.Add(FindingRules.Shape, node.Place, path, $"expected a condition, but YAML reads {node.Kind} here; put a condition with `{{`, `[` or `: ` in it between quotes");
            }

            return null;
        }

        if (scalar.Text.Length > Limits.ExpressionCharsMax)
        {
            mistakes.Add(FindingRules.Limit, scalar.Place, path, $"the expression has {scalar.Text.Length} characters; at most {Limits.ExpressionCharsMax} are allowed; name parts of it as segments");
            return null;
        }

        if (string.IsNullOrWhiteSpace(scalar.Text))
        {
            mistakes.Add(FindingRules.EmptyValue, scalar.Place, path, "the expression is empty; write one, or leave the key out");
            return null;
        }

        var compilation = ExpressionCompiler.Compile(scalar.Text, schema, type);
        foreach (var error in compilation.Errors)
        {
            mistakes.Add(RuleOf(error.Kind), ScalarPlaces.Of(scalar, error.Line, error.Column), path, error.Message + CutOff(scalar));
        }

        if (compilation.Expression is { } expression)
        {
            mistakes.Keep(new(path, scalar, expression));
        }

        return compilation.Expression;
    }

    private static FindingRule RuleOf(ExpressionErrorKind kind) => kind switch
    {
        ExpressionErrorKind.Syntax => FindingRules.Syntax,
        ExpressionErrorKind.UnknownName => FindingRules.UnknownName,
        ExpressionErrorKind.Constant => FindingRules.Constant,
        _ => FindingRules.Type,
    };

    /// <summary>What to say when YAML took the end of an expression without quotes for something else.</summary>
    private static string CutOff(WrittenNode.Scalar scalar)
    {
        if (!scalar.IsPlain)
        {
            return "";
        }

        var after = scalar.Source.Text.AsSpan(Math.Min(scalar.End, scalar.Source.Text.Length));
        var lineEnd = after.IndexOf('\n');
        var rest = (lineEnd < 0 ? after : after[..lineEnd]).TrimStart(' ');
        return rest.StartsWith("#") && scalar.Text.Count(c => c == '"') % 2 == 1
            ? "; YAML takes ` #` and what follows for a comment: put the whole expression between single quotes"
            : "";
    }
}
