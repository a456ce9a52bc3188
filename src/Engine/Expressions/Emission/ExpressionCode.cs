using System.Collections.Immutable;
using System.Linq.Expressions;
using Decisioning.Engine.Expressions.Checking;
using Decisioning.Engine.Expressions.Syntax;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Expressions.Emission;

/// <summary>What an expression runs as.</summary>
/// <param name="Evaluate">An <see cref="Evaluator{TContext, T}"/> of a scalar type, or of dyn.</param>
/// <param name="Places">The texts of the parts that can fail, by number.</param>
internal sealed record ExpressionCode(Delegate Evaluate, ImmutableArray<string> Places)
{
    public static ExpressionCode Of<TContext>(Bound root, string text)
    {
        var (function, sites) = Function<TContext>(root);
        return new(function, [.. sites.Select(site => Cures.Shorten(site.Of(text)))]);
    }

    /// <summary>The code of a checked tree, and the places in it that can fail.</summary>
    public static (Delegate Evaluate, IReadOnlyList<Span> Sites) Function<TContext>(Bound root)
    {
        // Code for a result of no scalar type ends in a dyn, so that there are few forms of delegates.
        var emitter = new Emitter(Expression.Parameter(typeof(TContext), "context"));
        var function = emitter.Function(HasForm(root.Type) ? root : new Converted(root, CelType.Dyn, root.At)).Compile();
        return (function, emitter.Sites);
    }

    /// <summary>A function that gives the values of readings, in their order; for explanations.</summary>
    public static Func<TContext, Value[]> Describer<TContext>(ImmutableArray<Reading> readings)
    {
        var context = Expression.Parameter(typeof(TContext), "context");
        return Expression.Lambda<Func<TContext, Value[]>>(new Emitter(context).Values(readings), context).Compile();
    }

    private static bool HasForm(CelType type) =>
        type == CelType.Bool || type == CelType.Int || type == CelType.UInt || type == CelType.Double || type == CelType.String
        || type == CelType.Timestamp || type == CelType.Duration || type == CelType.Dyn || type is CelType.EnumerationOf;
}
