namespace Decisioning.Engine.Strategies;

/// <summary>How bad a finding is.</summary>
public enum Severity
{
    /// <summary>The strategy cannot be used.</summary>
    Error,

    /// <summary>The strategy can be used, but hardly does what its author means.</summary>
    Warning,
}
