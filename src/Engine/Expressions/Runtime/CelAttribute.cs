namespace Decisioning.Engine.Expressions.Runtime;

/// <summary>How a standard function is called.</summary>
internal enum CallStyle
{
    /// <summary>`size(x)`.</summary>
    Function,

    /// <summary>`x.startsWith(y)`.</summary>
    Member,

    /// <summary>Either way.</summary>
    Both,

    /// <summary>By an operator symbol.</summary>
    Operator,
}

/// <summary>
/// Makes a static method an overload of a standard function. The CLR forms of its parameters are its argument types. A method that can
/// fail returns <see cref="Fault"/> and gives its result in a last out parameter.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class CelAttribute(string name, CallStyle style = CallStyle.Function) : Attribute
{
    public string Name => name;

    public CallStyle Style => style;

    /// <summary>Whether its result can be larger than its arguments together: then sizes are counted in the whole expression.</summary>
    public bool Grows { get; init; }
}
