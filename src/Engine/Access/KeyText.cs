using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Decisioning.Engine.Access;

/// <summary>
/// A key as its holder keeps it: <c>dk_</c>, an id of 12 characters, <c>_</c>, and a secret of 43, which are 32 random bytes. Nobody
/// guesses 256 bits, so the store keeps a plain SHA-256 of the secret.
/// </summary>
public static class KeyText
{
    /// <summary>What every key begins with, so that scanners for leaked secrets find it.</summary>
    public const string Prefix = "dk_";

    /// <summary>The length of an id.</summary>
    public const int IdChars = 12;

    /// <summary>Random bytes that a key is made of: one per character of its id, then the secret's.</summary>
    public const int RandomBytes = IdChars + SecretBytes;

    private const int SecretBytes = 32;
    private const int SecretChars = 43;
    private const int SecretAt = 3 + IdChars + 1;
    private const int Chars = SecretAt + SecretChars;

    // 32 of them, none of which is taken for another.
    private const string IdAlphabet = "abcdefghijkmnpqrstuvwxyz23456789";

    private static readonly System.Buffers.SearchValues<char> IdCharacters = System.Buffers.SearchValues.Create(IdAlphabet);

    private static readonly System.Buffers.SearchValues<char> SecretCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Makes a key.</summary>
    /// <param name="random"><see cref="RandomBytes"/> bytes that nobody can guess.</param>
    /// <returns>The key's text, its id, and the hash of its secret, lower-case hex.</returns>
    public static (string Text, string Id, string SecretHash) Make(ReadOnlySpan<byte> random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(random.Length, RandomBytes, nameof(random));
        Span<char> id = stackalloc char[IdChars];
        for (var i = 0; i < IdChars; i++)
        {
            id[i] = IdAlphabet[random[i] % IdAlphabet.Length];
        }

        var secret = Convert.ToBase64String(random[IdChars..]).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return ($"{Prefix}{id}_{secret}", id.ToString(), Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret))));
    }

    /// <summary>Whether a text is an id.</summary>
    public static bool IsId(ReadOnlySpan<char> text) => text.Length == IdChars && !text.ContainsAnyExcept(IdCharacters);

    /// <summary>Reads a key; false when the text is none. Whether there is such a key is another question.</summary>
    /// <param name="text">The text, of any length and with any characters.</param>
    /// <param name="id">Its id.</param>
    /// <param name="secretHash">Where the SHA-256 of its secret goes, 32 bytes.</param>
    public static bool TryRead(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? id, Span<byte> secretHash)
    {
        id = null;
        if (text.Length != Chars
            || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || text[SecretAt - 1] != '_'
            || !IsId(text.Slice(Prefix.Length, IdChars))
            || text[SecretAt..].ContainsAnyExcept(SecretCharacters))
        {
            return false;
        }

        Span<byte> secret = stackalloc byte[SecretChars];
        Encoding.ASCII.GetBytes(text[SecretAt..], secret);
        SHA256.HashData(secret, secretHash);
        id = text.Slice(Prefix.Length, IdChars).ToString();
        return true;
    }
}
