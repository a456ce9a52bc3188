using System.Collections.Immutable;
using Decisioning.Engine.Expressions.Analysis;
using Decisioning.Engine.Expressions.Checking;
using Decisioning.Engine.Expressions.Emission;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Expressions;

/// <summary>
/// A checked expression; compiled to a delegate when it is evaluated first, or by <see cref="Warm"/>. Immutable and safe to share
/// between threads. Evaluating it never throws and, for typed operands, allocates nothing.
/// </summary>
/// <typeparam name="TContext">What it is evaluated on.</typeparam>
public sealed class CompiledExpression<TContext>
{
    private readonly Bound _root;
    private readonly Lazy<ExpressionCode> _code;
    private readonly ImmutableArray<Term> _readings;
    private Evaluator<TContext, bool>? _condition;
    private Predicate? _predicate;

    internal CompiledExpression(string text, CelType type, Bound root, ImmutableArray<Reading> readings, ImmutableArray<string> calls)
    {
        Text = text;
        Type = type;
        Reads = [.. readings.Select(reading => reading.Name)];
        Calls = calls;
        _root = root;

        // A strategy has thousands of expressions, and making code of one takes half a millisecond: those that are never asked never do.
        _code = new(() => ExpressionCode.Of<TContext>(root, text), LazyThreadSafetyMode.PublicationOnly);
        _readings = [.. readings.Select(reading => Term.Of(reading, text))];
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

    /// <summary>The condition as logic over comparisons with constants. Made at the first call; only of a bool.</summary>
    internal Predicate Predicate => _predicate ??= Type == CelType.Bool ? Decomposition.Of(_root, Text) : throw Mismatch(CelType.Bool);

    /// <summary>Evaluates a condition.</summary>
    /// <exception cref="InvalidOperationException">It was not compiled as bool; so for the other members by their type.</exception>
    public Truth Test(TContext context)
    {
        var condition = _condition ??= _code.Value.Evaluate as Evaluator<TContext, bool> ?? throw Mismatch(CelType.Bool);
        return condition(context, out var holds) != 0 ? Truth.Error : holds ? Truth.True : Truth.False;
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

    /// <summary>Makes the code now, so that the first evaluation need not wait for it.</summary>
    public void Warm() => _ = _code.Value;

    /// <summary>Why it cannot be evaluated on this context, for people; null when it can.</summary>
    public string? Explain(TContext context) => Run(context, out _) is not 0 and var code ? ((Fault)(code & 0xFF)).Describe(_code.Value.Places[code >> 8]) : null;

    /// <summary>What it sees: every name of <see cref="Reads"/> with its value; null for what cannot be read. Allocates; for explanations.</summary>
    /// <param name="context">The context.</param>
    /// <param name="readers">Readers of terms, to be shared with other expressions.</param>
    internal ImmutableArray<(string Name, Value Seen)> Describe(TContext context, TermReaders<TContext> readers) =>
        [.. _readings.Select(reading => (reading.Text, readers.Of(reading).TryRead(context, out var seen) ? InWords(seen, reading.Type).ToValue() : Value.Null))];

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Evaluates whatever its type is. The code is 0, or the fault with its place.</summary>
    internal int Run(TContext context, out Dyn result)
    {
        var code = ExpressionCode.Run(_code.Value.Evaluate, context, out result);
        result = InWords(result, Type);
        return code;
    }

    // Code of an enumeration gives the rank.
    private static Dyn InWords(Dyn value, CelType type) =>
        type is CelType.EnumerationOf enumeration && value.Kind == DynKind.Int ? Dyn.Of(DynConvert.TextOf(value.Int, [.. enumeration.Values])) : value;

    private bool Try<T>(TContext context, CelType type, out T value) =>
        _code.Value.Evaluate is Evaluator<TContext, T> evaluate ? evaluate(context, out value) == 0 : throw Mismatch(type);

    private InvalidOperationException Mismatch(CelType asked) => new($"`{Text}` was compiled as {Type}, not {asked}");
}
