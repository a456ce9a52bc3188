namespace Decisioning.Benchmarks;

/// <summary>One line of the quick table.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">How much.</param>
/// <param name="Unit">Of what.</param>
/// <param name="Bytes">Bytes allocated per operation; null where that was not measured.</param>
public sealed record Row(string Name, double Value, string Unit, double? Bytes = null)
{
    /// <summary>A line of a measure of time per operation; one that took no time is a size.</summary>
    public static Row Of((string Name, double Nanoseconds, double Bytes) measured) =>
        measured.Nanoseconds > 0 ? new(measured.Name, measured.Nanoseconds, "ns", measured.Bytes) : new(measured.Name, measured.Bytes, "B");

    /// <summary>A line of another measure.</summary>
    public static Row Of((string Name, double Value, string Unit) measured) => new(measured.Name, measured.Value, measured.Unit);
}
