namespace Decisioning.Engine.Decisions;

// What the hour where the customer is tells about two instants.
public sealed partial class Facts
{
    /// <summary>Whether an earlier instant is in the same hour of the same day where the customer is: what looks at no more of the time came to the same then.</summary>
    internal bool IsInSameHour(DateTimeOffset before) =>
        before <= Now && Now - before < TimeSpan.FromHours(2) && ToLocal(before) is var then && then.Date == Local.Date && then.Hour == Local.Hour;
}
