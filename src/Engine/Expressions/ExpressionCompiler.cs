using System.Collections.Immutable;
using System.Linq.Expressions;
using Decisioning.Engine.Expressions.Checking;
using Decisioning.Engine.Expressions.Emission;
using Decisioning.Engine.Expressions.Syntax;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Expressions;

/// <summary>Turns the text of an expression (CEL) into delegates, or into all the mistakes its author made.</summary>
public static class ExpressionCompiler
{
    /// <summary>Parses, checks and compiles one expression. Never throws for any text.</summary>
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

        // Code for a result of no scalar type ends in a dyn, so that there are few forms of delegates.
        if (!HasForm(root.Type))
        {
            root = new Converted(root, CelType.Dyn, root.At);
        }

        var context = Expression.Parameter(typeof(TContext), "context");
        var emitter = new Emitter(context);
        var function = emitter.Function(root).Compile();
        var readings = checker.Readings;
        return new Compilation<TContext>(new CompiledExpression<TContext>(
            text,
            type,
            [.. readings.Select(reading => reading.Name)],
            checker.Calls,
            [.. emitter.Sites.Select(site => Cures.Shorten(site.Of(text)))],
            function,
            () => Describer<TContext>(readings)));
    }

    private static bool HasForm(CelType type) =>
        type == CelType.Bool || type == CelType.Int || type == CelType.UInt || type == CelType.Double || type == CelType.String
        || type == CelType.Timestamp || type == CelType.Duration || type == CelType.Dyn || type is CelType.EnumerationOf;

    private static Func<TContext, Value[]> Describer<TContext>(ImmutableArray<Reading> readings)
    {
        var context = Expression.Parameter(typeof(TContext), "context");
        var emitter = new Emitter(context);
        return Expression.Lambda<Func<TContext, Value[]>>(emitter.Values(readings), context).Compile();
    }
}
