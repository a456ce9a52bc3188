using Decisioning.Engine.Values;

namespace Decisioning.Engine.Customers;

/// <summary>Something that folding an event brought about, which rules with <c>on</c> see as an event of its own.</summary>
/// <param name="Name">One of <see cref="EventNames.Transitions"/>.</param>
/// <param name="Subject">The stage, segment or score.</param>
/// <param name="Detail">Of a stage why, of a grade the one reached.</param>
/// <param name="Before">Of a grade the one before.</param>
/// <param name="At">When.</param>
internal readonly record struct Transition(string Name, string Subject, string Detail, string Before, DateTimeOffset At)
{
    /// <summary>The transition as the event that rules see.</summary>
    /// <param name="cause">The event that brought it about.</param>
    public CustomerEvent AsEvent(CustomerEvent cause) => cause with
    {
        MessageId = "",
        Type = EventType.Track,
        Name = Name,
        Timestamp = At,
        Properties = Properties(),
        Context = PropertyMap.Empty,
        Response = null,
        SaidAt = null,
    };

    private PropertyMap Properties() => Name switch
    {
        EventNames.GradeChanged => PropertyMap.Of(("before", Value.Of(Before)), ("grade", Value.Of(Detail)), ("score", Value.Of(Subject))),
        EventNames.StageEntered or EventNames.StageExited => PropertyMap.Of(("reason", Value.Of(Detail)), ("stage", Value.Of(Subject))),
        _ => PropertyMap.Of(("segment", Value.Of(Subject))),
    };
}
