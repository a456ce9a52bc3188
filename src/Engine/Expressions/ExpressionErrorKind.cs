namespace Decisioning.Engine.Expressions;

/// <summary>What an author got wrong in an expression.</summary>
public enum ExpressionErrorKind
{
    /// <summary>Types that do not go together.</summary>
    Type,

    /// <summary>It cannot be read.</summary>
    Syntax,

    /// <summary>A name that does not exist.</summary>
    UnknownName,

    /// <summary>It comes to the same for every customer.</summary>
    Constant,
}
