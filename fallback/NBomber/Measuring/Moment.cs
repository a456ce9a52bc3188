using System.Runtime.InteropServices;

namespace NBomber.Measuring;

/// <summary>What was answered in a second, or in what is left of one at the end.</summary>
/// <param name="At">When it ended, from the scenario's beginning.</param>
/// <param name="Ok">Answers per second that went well.</param>
/// <param name="Fail">Answers per second that failed.</param>
/// <param name="P50">Milliseconds, of those that went well.</param>
/// <param name="P99">Milliseconds, of those that went well.</param>
/// <param name="Max">Milliseconds, of those that went well.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Moment(TimeSpan At, double Ok, double Fail, double P50, double P99, double Max);
