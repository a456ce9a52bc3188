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
    public bool TryRead(TContext context, out Dyn value)
    {
        switch (Code)
        {
            case Evaluator<TContext, long> whole:
                var read = whole(context, out var integer) == 0;
                value = Dyn.Of(integer);
                return read;
            case Evaluator<TContext, double> real:
                read = real(context, out var number) == 0;
                value = Dyn.Of(number);
                return read;
            case Evaluator<TContext, bool> condition:
                read = condition(context, out var truth) == 0;
                value = Dyn.Of(truth);
                return read;
            case Evaluator<TContext, string> words:
                read = words(context, out var text) == 0;
                value = Dyn.Of(text);
                return read;
            case Evaluator<TContext, DateTimeOffset> time:
                read = time(context, out var instant) == 0;
                value = Dyn.Of(instant);
                return read;
            case Evaluator<TContext, TimeSpan> length:
                read = length(context, out var span) == 0;
                value = Dyn.Of(span);
                return read;
            case Evaluator<TContext, ulong> unsigned:
                read = unsigned(context, out var natural) == 0;
                value = Dyn.Of(natural);
                return read;
            default:
                return ((Evaluator<TContext, Dyn>)Code)(context, out value) == 0;
        }
    }

    /// <summary>The code: an <see cref="Evaluator{TContext, T}"/> of the term's type, or of dyn.</summary>
    public Delegate Code => _code ??= ExpressionCode.Function<TContext>(term.Source).Evaluate;
}
