namespace Decisioning.Storage.Resting;

/// <summary>What the states of all customers share while they rest.</summary>
internal static class Shared
{
    /// <summary>The keys of feature cells.</summary>
    public static SharedTable<ulong> Keys { get; } = new(EqualityComparer<ulong>.Default);

    /// <summary>Names that a strategy declares: of a tag, a rule, a stage.</summary>
    public static SharedNames Names { get; } = new();

    /// <summary>
    /// Names that callers choose: of an attribute, of what consent is given for, of the action that they say was answered. In a table of their own: whoever makes up ever new ones must not take the places
    /// of the strategies' names. Names within an attribute's value are in neither table: they may be of one customer alone, and no table forgets.
    /// </summary>
    public static SharedNames GivenNames { get; } = new();
}
