using System.Collections.Immutable;

namespace Decisioning.Engine.Customers;

/// <summary>The names under which features and rules see events that carry no name of their own.</summary>
public static class EventNames
{
    /// <summary>A <c>page</c> call.</summary>
    public const string PageViewed = "Page Viewed";

    /// <summary>A <c>screen</c> call.</summary>
    public const string ScreenViewed = "Screen Viewed";

    /// <summary>An <c>identify</c> call.</summary>
    public const string Identified = "Identified";

    /// <summary>A <c>group</c> call.</summary>
    public const string Grouped = "Grouped";

    /// <summary>An <c>alias</c> call.</summary>
    public const string Aliased = "Aliased";

    /// <summary>A captured response.</summary>
    public const string ResponseCaptured = "Response Captured";

    /// <summary>Consent was given: properties <c>purpose</c>, <c>channel</c> (or <c>any</c>), <c>evidence</c>.</summary>
    public const string ConsentGranted = "Consent Granted";

    /// <summary>Consent was asked for and refused; properties as <see cref="ConsentGranted"/>.</summary>
    public const string ConsentDenied = "Consent Denied";

    /// <summary>Consent was taken back; properties as <see cref="ConsentGranted"/>.</summary>
    public const string ConsentRevoked = "Consent Revoked";

    /// <summary>The name of a <see cref="EventType.Wake"/>.</summary>
    public const string TimePassed = "Time Passed";

    /// <summary>A <see cref="EventType.Link"/>: from here on the identity is another one's; properties <c>to</c>, <c>verified</c>.</summary>
    public const string IdentityMoved = "Identity Moved";

    /// <summary>A <see cref="EventType.Link"/>: what the log of an identity held when it moved is where it moved to.</summary>
    public const string IdentityCarriedOver = "Identity Carried Over";

    /// <summary>A <see cref="EventType.Link"/>: an identity is about to move here; properties <c>identity</c>, <c>hops</c>.</summary>
    public const string IdentityAnnounced = "Identity Announced";

    /// <summary>A <see cref="EventType.Link"/>: an identity has moved here, with its events; properties as <see cref="IdentityAnnounced"/>.</summary>
    public const string IdentityLinked = "Identity Linked";

    /// <summary>A transition: the customer entered a stage. Properties <c>stage</c>, <c>reason</c> (<c>enter</c>, <c>timeout</c>, <c>rule</c>).</summary>
    public const string StageEntered = "Stage Entered";

    /// <summary>A transition: the customer left a stage. Properties <c>stage</c>, <c>reason</c> (<c>exit</c>, <c>timeout</c>, <c>rule</c>).</summary>
    public const string StageExited = "Stage Exited";

    /// <summary>A transition: the customer came to belong to a segment. Property <c>segment</c>.</summary>
    public const string SegmentEntered = "Segment Entered";

    /// <summary>A transition: the customer belongs to a segment no more. Property <c>segment</c>.</summary>
    public const string SegmentLeft = "Segment Left";

    /// <summary>A transition: a score reached another grade. Properties <c>score</c>, <c>grade</c> and <c>before</c> (<c>none</c> below all grades).</summary>
    public const string GradeChanged = "Grade Changed";

    /// <summary>The events that folding itself makes: rules with <c>on</c> see them, the log does not hold them, features do not count them.</summary>
    public static ImmutableArray<string> Transitions { get; } = [StageEntered, StageExited, SegmentEntered, SegmentLeft, GradeChanged];

    /// <summary>Whether a name is one of a <see cref="EventType.Link"/>.</summary>
    public static bool IsLink(string name) => name is IdentityMoved or IdentityCarriedOver or IdentityAnnounced or IdentityLinked;

    /// <summary>Whether a name is the engine's own, so that no caller may send an event of it.</summary>
    public static bool IsReserved(string name) => name == TimePassed || IsLink(name) || Transitions.Contains(name);
}
