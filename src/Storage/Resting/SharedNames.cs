namespace Decisioning.Storage.Resting;

/// <summary>
/// Names by number; never what somebody's attribute says or what a rule found, since they are not forgotten. 65,536 of at most 64 characters are 12 MB.
/// </summary>
internal sealed class SharedNames
{
    private const int CharsMax = 64;

    private readonly SharedTable<string> _names = new(StringComparer.Ordinal);

    /// <summary>The number of a name; false when it has none and gets none.</summary>
    public bool TryNumber(string name, out int number)
    {
        number = 0;
        return name.Length is > 0 and <= CharsMax && _names.TryNumber(name, out number);
    }

    /// <summary>The name of a number.</summary>
    public string At(int number) => _names.At(number);

    /// <summary>The name, as one string for all who ask.</summary>
    public string One(string name) => name.Length == 0 ? "" : TryNumber(name, out var number) ? At(number) : name;
}
