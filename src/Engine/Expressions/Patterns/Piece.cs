using System.Collections.Immutable;

namespace Decisioning.Engine.Expressions.Patterns;

/// <summary>A part of a pattern as written. A closed set.</summary>
internal abstract record Piece
{
    /// <summary>One character out of a set.</summary>
    public sealed record One(CharacterSet Set) : Piece;

    /// <summary>A condition on the place, taking no character.</summary>
    public sealed record At(Edge Edge) : Piece;

    /// <summary>One after the other; the empty text when there are none.</summary>
    public sealed record Sequence(ImmutableArray<Piece> Parts) : Piece;

    /// <summary>One of them.</summary>
    public sealed record Either(ImmutableArray<Piece> Choices) : Piece;

    /// <summary>Over and over; without end when there is no maximum.</summary>
    public sealed record Repeated(Piece Inner, int Min, int? Max) : Piece;
}

/// <summary>Places that patterns ask for.</summary>
internal enum Edge
{
    TextStart,
    TextEnd,
    LineStart,
    LineEnd,
    Word,
    NoWord,
}
