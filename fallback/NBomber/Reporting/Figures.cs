using System.Globalization;

namespace NBomber.Reporting;

/// <summary>Numbers for people.</summary>
internal static class Figures
{
    /// <summary>Three digits are enough to read, and none is lost where there are few.</summary>
    public static string Number(double value) => value switch
    {
        0 => "0",
        >= 1000 or <= -1000 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("F0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("F1", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("F2", CultureInfo.InvariantCulture),
        _ => value.ToString("F3", CultureInfo.InvariantCulture),
    };
}
