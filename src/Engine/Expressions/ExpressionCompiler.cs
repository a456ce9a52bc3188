using Decisioning.Engine.Expressions.Checking;
using Decisioning.Engine.Expressions.Syntax;

namespace Decisioning.Engine.Expressions;

/// <summary>Turns the text of an expression (CEL) into one that runs, or into all the mistakes its author made.</summary>
public static class ExpressionCompiler
{
    /// <summary>Parses and checks one expression; its code is made when it is evaluated first. Never throws for any text.</summary>
    /// <param name="text">The expression; may span lines.</param>
    /// <param name="schema">The names it may use.</param>
    /// <param name="expected">
    /// The type its result must have; <see cref="CelType.Dyn"/> takes any. A dyn result is taken and checked when it runs; a nullable
    /// one, where the plain type is asked for, is an evaluation error when null.
    /// </param>
    /// <param name="options">How strictly; null for <see cref="ExpressionOptions.Default"/>.</param>
    public static Compilation<TContext> Compile<TContext>(string text, ExpressionSchema<TContext> schema, CelType expected, ExpressionOptions? options = null)
    {
        if (Parser.Parse(text, out var syntaxError) is not { } syntax)
        {
            return new Compilation<TContext>([syntaxError!]);
        }

        var checker = new Checker(text, schema.Tables, options ?? ExpressionOptions.Default);
        var root = checker.CheckResult(syntax, expected);
        if (!checker.Errors.IsEmpty)
        {
            return new Compilation<TContext>(checker.Errors);
        }

        var type = expected == CelType.Dyn ? root.Type : expected;

        return new Compilation<TContext>(new CompiledExpression<TContext>(text, type, root, checker.Readings, checker.Calls));
    }
}
