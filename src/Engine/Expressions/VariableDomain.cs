using System.Collections.Immutable;

namespace Decisioning.Engine.Expressions;

/// <summary>The values a variable can have. A comparison that they make always true or always false is an error.</summary>
public abstract record VariableDomain
{
    private VariableDomain()
    {
    }

    /// <summary>A string variable with declared values.</summary>
    public static VariableDomain OneOf(params IEnumerable<string> values) => new Choice([.. values]);

    /// <summary>A number with a smallest and a largest value, both included; null leaves the side open.</summary>
    public static VariableDomain Between(double? min, double? max) => new Range(min ?? double.NegativeInfinity, max ?? double.PositiveInfinity);

    /// <summary>Declared values.</summary>
    /// <param name="Values">In the order of their declaration.</param>
    public sealed record Choice(ImmutableArray<string> Values) : VariableDomain;

    /// <summary>A range of numbers.</summary>
    /// <param name="Min">The smallest value, included.</param>
    /// <param name="Max">The largest value, included.</param>
    public sealed record Range(double Min, double Max) : VariableDomain;
}
