namespace Decisioning.Engine.Journeys;

/// <summary>A stage that was entered or left, and why.</summary>
/// <param name="State">Where the customer stands with it now.</param>
/// <param name="Reason">Why.</param>
internal readonly record struct StageMove(StageState State, StageReason Reason);

/// <summary>Why a stage was entered or left.</summary>
internal enum StageReason : byte
{
    /// <summary>Its <c>enter</c> held.</summary>
    Enter = 1,

    /// <summary>Its <c>exit</c> held.</summary>
    Exit = 2,

    /// <summary>Its time was up, or that of the stage that leads to it.</summary>
    Timeout = 3,

    /// <summary>A rule said so.</summary>
    Rule = 4,
}

/// <summary>Reasons as conditions and watchers see them.</summary>
internal static class StageReasons
{
    public static string Text(this StageReason reason) => reason switch
    {
        StageReason.Enter => "enter",
        StageReason.Exit => "exit",
        StageReason.Timeout => "timeout",
        _ => "rule",
    };
}
