namespace Decisioning.Engine.Rules.Indexing;

/// <summary>A test of a column: whether its code is one of some.</summary>
/// <param name="Column">The column, by its index.</param>
/// <param name="Passes">The codes that pass.</param>
internal readonly record struct CodeTest(int Column, CodeSet Passes);
