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
}
