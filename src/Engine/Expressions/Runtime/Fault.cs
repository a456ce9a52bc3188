namespace Decisioning.Engine.Expressions.Runtime;

/// <summary>Why an evaluation failed; zero is success. Generated code carries it beside the number of the place.</summary>
internal enum Fault : byte
{
    None = 0,
    Missing,
    WrongType,
    DivisionByZero,
    Overflow,
    NoSuchKey,
    IndexOutOfRange,
    BadText,
    BadZone,
    BadPattern,
    BadUtf8,
    TooLong,
    TooManySteps,
    DuplicateKey,
    BadKey,
    UnknownName,
    BadFormat,
}

internal static class Faults
{
    /// <summary>The reason for people.</summary>
    /// <param name="fault">What happened.</param>
    /// <param name="place">The text of the failing part.</param>
    public static string Describe(this Fault fault, string place) => fault switch
    {
        Fault.Missing => $"`{place}` is missing (null)",
        Fault.WrongType => $"`{place}` has a value of a type that does not fit here",
        Fault.DivisionByZero => $"`{place}` divides by zero",
        Fault.Overflow => $"`{place}` is out of range",
        Fault.NoSuchKey => $"`{place}` asks for a key that is not there; ask with `has(…)` or `in` first",
        Fault.IndexOutOfRange => $"`{place}` asks for an element beyond the list",
        Fault.BadText => $"`{place}` cannot read that text",
        Fault.BadZone => $"`{place}` names a time zone that is not known; write one such as `Europe/Berlin` or `+02:00`",
        Fault.BadPattern => $"`{place}` has a pattern that is not a regular expression, or one too large",
        Fault.BadUtf8 => $"`{place}` has bytes that are not UTF-8",
        Fault.TooLong => $"`{place}` grows beyond the allowed length",
        Fault.TooManySteps => $"`{place}` takes more than {ExpressionLimits.IterationsMax} steps",
        Fault.DuplicateKey => $"`{place}` has the same key twice",
        Fault.BadKey => $"`{place}` has a key that is neither text, int, uint nor bool",
        Fault.BadFormat => $"`{place}` has a clause that is not known; there are `%s %d %f %e %b %o %x %X %%`",
        Fault.UnknownName => $"`{place}` is not known",
        _ => $"`{place}` cannot be evaluated",
    };
}
