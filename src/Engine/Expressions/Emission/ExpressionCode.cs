using System.Collections.Immutable;
using System.Linq.Expressions;
using Decisioning.Engine.Expressions.Checking;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;

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

    /// <summary>Runs code of any form.</summary>
    /// <param name="evaluate">An <see cref="Evaluator{TContext, T}"/> of a scalar type, or of dyn.</param>
    /// <param name="context">What it is evaluated on.</param>
    /// <param name="result">The value; of an enumeration the rank.</param>
    /// <returns>0, or the fault with its place.</returns>
    public static int Run<TContext>(Delegate evaluate, TContext context, out Dyn result)
    {
        int code;
        switch (evaluate)
        {
            case Evaluator<TContext, long> whole:
                code = whole(context, out var integer);
                result = Dyn.Of(integer);
                return code;
            case Evaluator<TContext, double> real:
                code = real(context, out var number);
                result = Dyn.Of(number);
                return code;
            case Evaluator<TContext, bool> condition:
                code = condition(context, out var truth);
                result = Dyn.Of(truth);
                return code;
            case Evaluator<TContext, string> words:
                code = words(context, out var text);
                result = Dyn.Of(text);
                return code;
            case Evaluator<TContext, DateTimeOffset> time:
                code = time(context, out var instant);
                result = Dyn.Of(instant);
                return code;
            case Evaluator<TContext, TimeSpan> length:
                code = length(context, out var span);
                result = Dyn.Of(span);
                return code;
            case Evaluator<TContext, ulong> natural:
                code = natural(context, out var unsigned);
                result = Dyn.Of(unsigned);
                return code;
            default:
                return ((Evaluator<TContext, Dyn>)evaluate)(context, out result);
        }
    }

    private static bool HasForm(CelType type) =>
        type == CelType.Bool || type == CelType.Int || type == CelType.UInt || type == CelType.Double || type == CelType.String
        || type == CelType.Timestamp || type == CelType.Duration || type == CelType.Dyn || type is CelType.EnumerationOf;
}
