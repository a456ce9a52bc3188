using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Decisioning.Engine.Expressions;

/// <summary>The outcome of compiling: an expression, or every mistake in it.</summary>
/// <typeparam name="TContext">What the expression is evaluated on.</typeparam>
public sealed record Compilation<TContext>
{
    internal Compilation(CompiledExpression<TContext> expression) => (Expression, Errors) = (expression, []);

    internal Compilation(ImmutableArray<ExpressionError> errors) => Errors = errors;

    /// <summary>The expression; null when there are errors.</summary>
    public CompiledExpression<TContext>? Expression { get; }

    /// <summary>The mistakes, by place; empty when it compiled.</summary>
    public ImmutableArray<ExpressionError> Errors { get; }

    /// <summary>The expression, when it compiled.</summary>
    public bool TryGet([NotNullWhen(true)] out CompiledExpression<TContext>? expression)
    {
        expression = Expression;
        return expression is not null;
    }
}
