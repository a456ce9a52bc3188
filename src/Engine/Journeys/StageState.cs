namespace Decisioning.Engine.Journeys;

/// <summary>A customer's being in a stage of the journey, now or once.</summary>
/// <param name="Name">The stage.</param>
/// <param name="EnteredAt">When it was entered last.</param>
/// <param name="ExitedAt">When it was left last; null while the customer is in it.</param>
/// <param name="Entries">How often it was entered.</param>
public sealed record StageState(string Name, DateTimeOffset EnteredAt, DateTimeOffset? ExitedAt, int Entries)
{
    /// <summary>Whether the customer is in it.</summary>
    public bool IsIn => ExitedAt is null;
}
