namespace Decisioning.Engine.Expressions.Patterns;

/// <summary>Ends the reading of a pattern that cannot be used; never leaves <see cref="Pattern"/>.</summary>
internal sealed class PatternException(string message) : Exception(message);
