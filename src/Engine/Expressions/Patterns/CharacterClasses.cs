namespace Decisioning.Engine.Expressions.Patterns;

/// <summary>The classes of characters that have names.</summary>
internal static class CharacterClasses
{
    private static readonly (int, int)[] Digits = [('0', '9')];
    private static readonly (int, int)[] Words = [('0', '9'), ('A', 'Z'), ('a', 'z'), ('_', '_')];
    private static readonly (int, int)[] Spaces = [('\t', '\n'), ('\f', '\r'), (' ', ' ')];

    private static readonly Dictionary<string, (int, int)[]> Posix = new(StringComparer.Ordinal)
    {
        ["alnum"] = [('0', '9'), ('A', 'Z'), ('a', 'z')],
        ["alpha"] = [('A', 'Z'), ('a', 'z')],
        ["ascii"] = [(0, 127)],
        ["blank"] = [('\t', '\t'), (' ', ' ')],
        ["cntrl"] = [(0, 31), (127, 127)],
        ["digit"] = Digits,
        ["graph"] = [('!', '~')],
        ["lower"] = [('a', 'z')],
        ["print"] = [(' ', '~')],
        ["punct"] = [('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        ["space"] = [('\t', '\r'), (' ', ' ')],
        ["upper"] = [('A', 'Z')],
        ["word"] = Words,
        ["xdigit"] = [('0', '9'), ('A', 'F'), ('a', 'f')],
    };

    // The two-letter names in the order of the runtime's categories.
    private static readonly string[] Categories =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc",
        "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn",
    ];

    public static bool IsWord(int c) => c < 128 && (char.IsAsciiLetterOrDigit((char)c) || c == '_');

    /// <summary>`\d`, `\w`, `\s` and their opposites, all of ASCII; null for another letter.</summary>
    public static IEnumerable<(int First, int Last)>? Perl(char letter) => letter switch
    {
        'd' => Digits,
        'w' => Words,
        's' => Spaces,
        'D' => CharacterSet.Outside(Digits),
        'W' => CharacterSet.Outside(Words),
        'S' => CharacterSet.Outside(Spaces),
        _ => null,
    };

    /// <summary>`[:alpha:]`, `[:^alpha:]`; null for an unknown name.</summary>
    public static IEnumerable<(int First, int Last)>? Named(string name) =>
        !Posix.TryGetValue(name.TrimStart('^'), out var ranges) ? null : name.StartsWith('^') ? CharacterSet.Outside(ranges) : ranges;

    /// <summary>The categories of `L`, `Lu` and the like, as bits; 0 for an unknown name.</summary>
    public static uint CategoriesOf(string name) => Categories.Index().Where(one => name.Length is 1 or 2 && one.Item.StartsWith(name, StringComparison.Ordinal)).Aggregate(0u, (all, one) => all | (1u << one.Index));
}
