using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;

namespace Decisioning.Engine.Actions;

/// <summary>When a treatment is to be sent, as its author wrote it.</summary>
/// <param name="Path">Where it stands in the strategy: the id that reasons give.</param>
/// <param name="Expression">An int, the hour of the customer's day (0 to 23), or a timestamp.</param>
public sealed record SendTime(string Path, CompiledExpression<Facts> Expression);
