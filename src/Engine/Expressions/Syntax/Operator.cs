namespace Decisioning.Engine.Expressions.Syntax;

/// <summary>The operators of the language.</summary>
internal enum Operator
{
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Not,
    Negate,
}

internal static class Operators
{
    /// <summary>How tightly a binary operator binds; all of them bind to the left.</summary>
    public static int Precedence(this Operator op) => op switch
    {
        Operator.Or => 1,
        Operator.And => 2,
        Operator.Equal or Operator.NotEqual or Operator.Less or Operator.LessOrEqual or Operator.Greater or Operator.GreaterOrEqual or Operator.In => 3,
        Operator.Add or Operator.Subtract => 4,
        Operator.Multiply or Operator.Divide or Operator.Modulo => 5,
        _ => 6,
    };

    public static string Symbol(this Operator op) => op switch
    {
        Operator.Or => "||",
        Operator.And => "&&",
        Operator.Equal => "==",
        Operator.NotEqual => "!=",
        Operator.Less => "<",
        Operator.LessOrEqual => "<=",
        Operator.Greater => ">",
        Operator.GreaterOrEqual => ">=",
        Operator.In => "in",
        Operator.Add => "+",
        Operator.Subtract => "-",
        Operator.Multiply => "*",
        Operator.Divide => "/",
        Operator.Modulo => "%",
        Operator.Not => "!",
        _ => "-",
    };

    public static bool IsOrdering(this Operator op) => op is Operator.Less or Operator.LessOrEqual or Operator.Greater or Operator.GreaterOrEqual;

    /// <summary>The operator with its sides exchanged: `a &lt; b` is `b &gt; a`.</summary>
    public static Operator Mirrored(this Operator op) => op switch
    {
        Operator.Less => Operator.Greater,
        Operator.LessOrEqual => Operator.GreaterOrEqual,
        Operator.Greater => Operator.Less,
        Operator.GreaterOrEqual => Operator.LessOrEqual,
        _ => op,
    };
}
