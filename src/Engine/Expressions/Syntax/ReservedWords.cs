namespace Decisioning.Engine.Expressions.Syntax;

/// <summary>Words that cannot be names, and words of other languages that authors try.</summary>
internal static class ReservedWords
{
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while",
    };

    public static bool IsReserved(string word) => Reserved.Contains(word) || word is "true" or "false" or "null" or "in";

    /// <summary>What to write instead of a word that begins an operand; null when it may be a name.</summary>
    public static string? Cure(string word) => word switch
    {
        "if" => "there is no `if`; write `condition ? then : otherwise`",
        "in" => "`in` wants a value before it: `x in [1, 2]`",
        _ when Reserved.Contains(word) => $"`{word}` is a reserved word and cannot be a name here",
        _ => null,
    };

    /// <summary>What to write instead of a word between two operands; null when it is no such word.</summary>
    public static string? Joiner(string word) => word switch
    {
        "and" or "AND" => $"`{word}` is written `&&`",
        "or" or "OR" => $"`{word}` is written `||`",
        "not" or "NOT" => $"`{word}` is written `!`",
        "is" or "equals" or "eq" => $"`{word}` is written `==`",
        "contains" or "startsWith" or "endsWith" or "matches" => $"`{word}` is written `text.{word}(\"…\")`",
        _ => null,
    };
}
