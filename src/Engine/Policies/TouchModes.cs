namespace Decisioning.Engine.Policies;

/// <summary>How closely a customer is served, by what they are worth to the business; as a set, whom something is for.</summary>
[Flags]
public enum TouchModes : byte
{
    /// <summary>No mode: none of the strategy's conditions held, or it has none.</summary>
    None = 0,

    /// <summary>By people: an agent takes the time.</summary>
    High = 1,

    /// <summary>With help: the phone, self-service with an agent behind it.</summary>
    Low = 2,

    /// <summary>By programs alone.</summary>
    Tech = 4,

    /// <summary>Every mode, and customers without one.</summary>
    All = High | Low | Tech,
}
