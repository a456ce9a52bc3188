namespace Decisioning.Engine.Actions;

/// <summary>A text with placeholders.</summary>
/// <param name="Source">As written.</param>
public sealed record ContentTemplate(string Source);
