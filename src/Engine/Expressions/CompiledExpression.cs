using System.Collections.Immutable;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Expressions;

/// <summary>
/// A checked expression, compiled to delegates. Immutable and safe to share between threads. Evaluating it never throws and,
/// for typed operands, allocates nothing.
/// </summary>
/// <typeparam name="TContext">What it is evaluated on.</typeparam>
public sealed class CompiledExpression<TContext>
{
    internal CompiledExpression(string text, CelType type, ImmutableArray<string> reads)
    {
        Text = text;
        Type = type;
        Reads = reads;
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

    /// <summary>Evaluates a condition.</summary>
    /// <exception cref="InvalidOperationException">It was not compiled as bool; so for the other members by their type.</exception>
    public Truth Test(TContext context) => Truth.Error;

    /// <summary>Evaluates a bool; false when it cannot be told (<see cref="Explain"/> says why).</summary>
    public bool TryBool(TContext context, out bool value) => Fails(out value);

    /// <summary>Evaluates an int.</summary>
    public bool TryInt(TContext context, out long value) => Fails(out value);

    /// <summary>Evaluates an uint.</summary>
    public bool TryUInt(TContext context, out ulong value) => Fails(out value);

    /// <summary>Evaluates a double.</summary>
    public bool TryDouble(TContext context, out double value) => Fails(out value);

    /// <summary>Evaluates a string.</summary>
    public bool TryString(TContext context, out string value) => Fails(out value!);

    /// <summary>Evaluates a timestamp.</summary>
    public bool TryTimestamp(TContext context, out DateTimeOffset value) => Fails(out value);

    /// <summary>Evaluates a duration.</summary>
    public bool TryDuration(TContext context, out TimeSpan value) => Fails(out value);

    /// <summary>Evaluates an expression of any type.</summary>
    public bool TryValue(TContext context, out Value value) => Fails(out value);

    /// <summary>Why it cannot be evaluated on this context, for people; null when it can.</summary>
    public string? Explain(TContext context) => "the expression has no code";

    /// <summary>What it sees: every name of <see cref="Reads"/> with its value. Allocates; for explanations.</summary>
    public ImmutableArray<(string Name, Value Seen)> Describe(TContext context) => [];

    private static bool Fails<T>(out T value)
    {
        value = default!;
        return false;
    }
}
