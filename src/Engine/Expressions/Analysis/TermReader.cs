using Decisioning.Engine.Expressions.Emission;
using Decisioning.Engine.Expressions.Runtime;

namespace Decisioning.Engine.Expressions.Analysis;

/// <summary>Reads the value of a term without boxing. Its code is made at the first reading. Safe to share between threads.</summary>
internal sealed class TermReader<TContext>(Term term)
{
    private Delegate? _code;

    public Term Term => term;

    /// <summary>The term on a context.</summary>
    /// <param name="context">The context.</param>
    /// <param name="value">Its value; of an enumeration the rank.</param>
    /// <returns>Whether it could be evaluated.</returns>
    public bool TryRead(TContext context, out Dyn value) => ExpressionCode.Run(Code, context, out value) == 0;

    /// <summary>The code: an <see cref="Evaluator{TContext, T}"/> of the term's type, or of dyn.</summary>
    public Delegate Code => _code ??= ExpressionCode.Function<TContext>(term.Source).Evaluate;
}
