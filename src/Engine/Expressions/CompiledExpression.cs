using System.Collections.Immutable;
using Decisioning.Engine.Expressions.Emission;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Expressions;

/// <summary>
/// A checked expression, compiled to delegates. Immutable and safe to share between threads. Evaluating it never throws and,
/// for typed operands, allocates nothing.
/// </summary>
/// <typeparam name="TContext">What it is evaluated on.</typeparam>
public sealed class CompiledExpression<TContext>
{
    private readonly Delegate _evaluate;
    private readonly Evaluator<TContext, bool>? _condition;
    private readonly Lazy<Func<TContext, Value[]>> _describe;
    private readonly ImmutableArray<string> _places;

    internal CompiledExpression(
        string text,
        CelType type,
        ImmutableArray<string> reads,
        ImmutableArray<string> calls,
        ImmutableArray<string> places,
        Delegate evaluate,
        Func<Func<TContext, Value[]>> describe)
    {
        Text = text;
        Type = type;
        Reads = reads;
        Calls = calls;
        _places = places;
        _evaluate = evaluate;
        _condition = evaluate as Evaluator<TContext, bool>;
        _describe = new Lazy<Func<TContext, Value[]>>(describe, LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>The expression as written.</summary>
    public string Text { get; }

    /// <summary>The type of its result.</summary>
    public CelType Type { get; }

    /// <summary>
    /// What it depends on, each once, in the order of first appearance: dotted variable names (`features.visits_1y`, `now`)
    /// and resolver readings (`grade(lead)`).
    /// </summary>
    public ImmutableArray<string> Reads { get; }

    /// <summary>The declared functions it calls, each once, in the order of first appearance; they may read the context too.</summary>
    public ImmutableArray<string> Calls { get; }

    /// <summary>Evaluates a condition.</summary>
    /// <exception cref="InvalidOperationException">It was not compiled as bool; so for the other members by their type.</exception>
    public Truth Test(TContext context)
    {
        if (_condition is null)
        {
            throw Mismatch(CelType.Bool);
        }

        return _condition(context, out var holds) != 0 ? Truth.Error : holds ? Truth.True : Truth.False;
    }

    /// <summary>Evaluates a bool; false when it cannot be told (<see cref="Explain"/> says why).</summary>
    public bool TryBool(TContext context, out bool value) => Try(context, CelType.Bool, out value);

    /// <summary>Evaluates an int.</summary>
    public bool TryInt(TContext context, out long value) => Try(context, CelType.Int, out value);

    /// <summary>Evaluates an uint.</summary>
    public bool TryUInt(TContext context, out ulong value) => Try(context, CelType.UInt, out value);

    /// <summary>Evaluates a double.</summary>
    public bool TryDouble(TContext context, out double value) => Try(context, CelType.Double, out value);

    /// <summary>Evaluates a string; the value is empty when there is none.</summary>
    public bool TryString(TContext context, out string value)
    {
        var done = Try(context, CelType.String, out string? text);
        value = text ?? "";
        return done;
    }

    /// <summary>Evaluates a timestamp.</summary>
    public bool TryTimestamp(TContext context, out DateTimeOffset value) => Try(context, CelType.Timestamp, out value);

    /// <summary>Evaluates a duration.</summary>
    public bool TryDuration(TContext context, out TimeSpan value) => Try(context, CelType.Duration, out value);

    /// <summary>Evaluates an expression of any type. Instants are cut to microseconds, keys of a map become text.</summary>
    public bool TryValue(TContext context, out Value value)
    {
        var code = Run(context, out var result);
        value = result.ToValue();
        return code == 0;
    }

    /// <summary>Why it cannot be evaluated on this context, for people; null when it can.</summary>
    public string? Explain(TContext context) => Run(context, out _) is not 0 and var code ? ((Fault)(code & 0xFF)).Describe(_places[code >> 8]) : null;

    /// <summary>What it sees: every name of <see cref="Reads"/> with its value. Allocates; for explanations.</summary>
    public ImmutableArray<(string Name, Value Seen)> Describe(TContext context)
    {
        var values = _describe.Value(context);
        return [.. Reads.Select((name, i) => (name, values[i]))];
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Evaluates whatever its type is. The code is 0, or the fault with its place.</summary>
    internal int Run(TContext context, out Dyn result)
    {
        int code;
        switch (_evaluate)
        {
            case Evaluator<TContext, bool> evaluate:
                code = evaluate(context, out var truth);
                result = Dyn.Of(truth);
                return code;
            case Evaluator<TContext, long> evaluate:
                code = evaluate(context, out var integer);
                result = Type is CelType.EnumerationOf enumeration ? Dyn.Of(DynConvert.TextOf(integer, [.. enumeration.Values])) : Dyn.Of(integer);
                return code;
            case Evaluator<TContext, ulong> evaluate:
                code = evaluate(context, out var unsigned);
                result = Dyn.Of(unsigned);
                return code;
            case Evaluator<TContext, double> evaluate:
                code = evaluate(context, out var number);
                result = Dyn.Of(number);
                return code;
            case Evaluator<TContext, string> evaluate:
                code = evaluate(context, out var text);
                result = Dyn.Of(text);
                return code;
            case Evaluator<TContext, DateTimeOffset> evaluate:
                code = evaluate(context, out var instant);
                result = Dyn.Of(instant);
                return code;
            case Evaluator<TContext, TimeSpan> evaluate:
                code = evaluate(context, out var span);
                result = Dyn.Of(span);
                return code;
            default:
                return ((Evaluator<TContext, Dyn>)_evaluate)(context, out result);
        }
    }

    private bool Try<T>(TContext context, CelType type, out T value) =>
        _evaluate is Evaluator<TContext, T> evaluate ? evaluate(context, out value) == 0 : throw Mismatch(type);

    private InvalidOperationException Mismatch(CelType asked) => new($"`{Text}` was compiled as {Type}, not {asked}");
}
