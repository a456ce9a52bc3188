namespace Decisioning.Engine.Expressions;

/// <summary>How strictly an expression is compiled.</summary>
public sealed record ExpressionOptions
{
    /// <summary>For authors: everything refused that is surely a mistake.</summary>
    public static ExpressionOptions Default { get; } = new();

    /// <summary>
    /// Whether a comparison that is always true or always false, and a constant that cannot be evaluated, are errors.
    /// Default: true. The CEL specification does not ask for it.
    /// </summary>
    public bool RefuseConstantConditions { get; init; } = true;

    /// <summary>
    /// Whether everything is taken as dyn, so that types are met at run time only and a type error is an evaluation error.
    /// Default: false. For the comparison of the two ways, which must agree.
    /// </summary>
    internal bool Unchecked { get; init; }

    /// <summary>
    /// The dotted name of the namespace that the expression stands in: `y` then means `CONTAINER.y` first, `.y` never does. Default: none,
    /// as strategies have one namespace.
    /// </summary>
    internal string Container { get; init; } = "";
}
