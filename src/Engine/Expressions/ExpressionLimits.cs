namespace Decisioning.Engine.Expressions;

/// <summary>
/// The bounds of one expression. Together they bound what an author can make the engine do: compile time by
/// <see cref="TextLengthMax"/> and <see cref="DepthMax"/>, run time by <see cref="IterationsMax"/>, memory by
/// <see cref="StringLengthMax"/> and <see cref="ListLengthMax"/>.
/// </summary>
public static class ExpressionLimits
{
    /// <summary>Characters in an expression. A screen has about 4,000; four of them are more than anyone reads.</summary>
    public const int TextLengthMax = 16_384;

    /// <summary>
    /// Levels of nesting, counted in the syntax tree. CEL asks for 12 nested calls and 32 chained operators of implementations;
    /// 250 levels at under 1 KB of stack each per pass stay below a quarter of a megabyte.
    /// </summary>
    public const int DepthMax = 250;

    /// <summary>
    /// Steps of one evaluation, at about 10 ns each: 1 ms. They are counted where there are macros or functions whose results grow
    /// (`replace`, `join`, …); elsewhere the length of the expression bounds the work. An element walked over is one step; a text or list
    /// that is built or compared is one step per 16 characters or per element at any depth, which bounds memory to a few megabytes.
    /// </summary>
    public const int IterationsMax = 100_000;

    /// <summary>Characters of a text, or bytes, that an evaluation may build: 1 Mi, two megabytes of memory.</summary>
    public const int StringLengthMax = 1_048_576;

    /// <summary>Elements of a list that an evaluation may build by joining; the same as the steps of a macro.</summary>
    public const int ListLengthMax = IterationsMax;

    /// <summary>Errors reported for one expression; the first ones are the useful ones.</summary>
    public const int ErrorsMax = 20;

    /// <summary>Characters of a regular expression pattern; more than the longest ones in use, those of mail addresses.</summary>
    public const int PatternLengthMax = 1_000;

    /// <summary>
    /// Parts of a regular expression with its repeats written out, at about 40 bytes each: 80 KB. One character of a text costs at most
    /// so many looks, and a match ends with <see cref="IterationsMax"/>.
    /// </summary>
    public const int PatternStatesMax = 2_000;
}
