namespace Decisioning.Engine.Strategies;

/// <summary>A named group of customers: those for whom a condition holds now. Time alone can end it.</summary>
/// <param name="Index">Its place among the strategy's segments; a segment only refers to earlier ones.</param>
/// <param name="Name">Its name.</param>
/// <param name="When">Who belongs to it.</param>
public sealed record Segment(int Index, string Name, Condition When);
