namespace Decisioning.Storage.Resting;

/// <summary>What the states of all customers share while they rest.</summary>
internal static class Shared
{
    private const int CharsMax = 64;

    private static readonly SharedTable<string> Names = new(StringComparer.Ordinal);

    /// <summary>The keys of feature cells.</summary>
    public static SharedTable<ulong> Keys { get; } = new(EqualityComparer<ulong>.Default);

    /// <summary>
    /// The number of a name – of an attribute, a tag, a rule, an action; never of what somebody's attribute says, since names are not forgotten. 65,536 of at most 64 characters
    /// are 12 MB.
    /// </summary>
    public static bool TryNumber(string name, out int number)
    {
        number = 0;
        return name.Length <= CharsMax && Names.TryNumber(name, out number);
    }

    /// <summary>The name of a number.</summary>
    public static string NameAt(int number) => Names.At(number);

    /// <summary>The name, as one string for all who ask.</summary>
    public static string Name(string name) => name.Length == 0 ? "" : TryNumber(name, out var number) ? NameAt(number) : name;
}
