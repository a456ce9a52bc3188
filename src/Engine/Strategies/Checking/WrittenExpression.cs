using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Syntax;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Checking;

/// <summary>An expression of a strategy with the text it was compiled from.</summary>
/// <param name="Path">Where it stands in the strategy.</param>
/// <param name="Scalar">As written.</param>
/// <param name="Compiled">Compiled.</param>
internal sealed record WrittenExpression(string Path, WrittenNode.Scalar Scalar, CompiledExpression<Facts> Compiled)
{
    /// <summary>The place of a part of it.</summary>
    public Place PlaceOf(Span part) => ScalarPlaces.Of(Scalar, part.Start);
}
