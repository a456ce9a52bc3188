namespace Decisioning.Engine.Expressions.Analysis;

/// <summary>Logic with errors, as CEL has it: an error counts only where the other side does not decide.</summary>
internal static class Truths
{
    public static Truth And(Truth a, Truth b) =>
        a == Truth.False || b == Truth.False ? Truth.False : a == Truth.True && b == Truth.True ? Truth.True : Truth.Error;

    public static Truth Or(Truth a, Truth b) =>
        a == Truth.True || b == Truth.True ? Truth.True : a == Truth.False && b == Truth.False ? Truth.False : Truth.Error;

    public static Truth Not(Truth a) => a switch { Truth.True => Truth.False, Truth.False => Truth.True, _ => Truth.Error };

    public static Truth Of(bool value) => value ? Truth.True : Truth.False;
}
