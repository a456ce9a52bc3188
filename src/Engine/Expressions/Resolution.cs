using System.Linq.Expressions;

namespace Decisioning.Engine.Expressions;

/// <summary>What a resolver function makes of its literal arguments, once, when the expression is compiled.</summary>
public abstract record Resolution
{
    private Resolution()
    {
    }

    /// <summary>The call reads a value of the context.</summary>
    /// <param name="type">The type of the value.</param>
    /// <param name="name">What explanations call the reading: `grade(lead)`.</param>
    /// <param name="read">How it is read; <typeparamref name="T"/> is the CLR form of <paramref name="type"/>.</param>
    public static Resolution Reads<TContext, T>(CelType type, string name, Expression<Func<TContext, T>> read) => new Reader(type, name, read);

    /// <summary>The arguments mean nothing; the author is told why and what to write instead.</summary>
    /// <param name="message">Lower case, input in backticks, with the cure.</param>
    /// <param name="argument">Which argument is at fault, from 0.</param>
    public static Resolution Refuses(string message, int argument = 0) => new Refusal(message, argument);

    /// <summary>A bound reading.</summary>
    /// <param name="Type">The type of the value.</param>
    /// <param name="Name">What explanations call it.</param>
    /// <param name="Read">A lambda of the context.</param>
    public sealed record Reader(CelType Type, string Name, LambdaExpression Read) : Resolution;

    /// <summary>A refusal.</summary>
    /// <param name="Message">What is wrong and the cure.</param>
    /// <param name="Argument">The argument at fault, from 0.</param>
    public sealed record Refusal(string Message, int Argument) : Resolution;
}
