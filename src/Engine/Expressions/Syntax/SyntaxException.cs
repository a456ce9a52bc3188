namespace Decisioning.Engine.Expressions.Syntax;

/// <summary>
/// Leaves the recursive parser at the first syntax error; caught in <see cref="Parser.Parse"/> and nowhere else. Syntax errors are
/// rare and met at compile time only, and a parser that returns failures from each of its methods hides the grammar.
/// </summary>
internal sealed class SyntaxException : Exception
{
    public SyntaxException(string message, Span at)
        : base(message) => At = at;

    public SyntaxException()
    {
    }

    public SyntaxException(string message)
        : base(message)
    {
    }

    public SyntaxException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public Span At { get; }
}
