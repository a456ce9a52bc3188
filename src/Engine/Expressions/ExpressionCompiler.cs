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
    public static Compilation<TContext> Compile<TContext>(string text, ExpressionSchema<TContext> schema, CelType expected, ExpressionOptions? options = null) =>
        new([new ExpressionError("no expression compiles yet", 1, 1, 1)]);
}
