namespace Decisioning.Storage.Resting;

/// <summary>Ids of decisions at rest. Those that the engine makes are 128 bits in 26 letters and digits; callers may have answered with others.</summary>
internal static class RestDecisionIds
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Chars = 26;

    public static void Write(ref RestWriter writer, string id)
    {
        var isOwn = TryBits(id, out var bits);
        writer.Byte(isOwn ? (byte)1 : (byte)0);
        if (isOwn)
        {
            writer.Raw(bits);
        }
        else
        {
            writer.Text(id);
        }
    }

    public static string Read(ref RestReader reader) => reader.Byte() == 0 ? reader.Text() : string.Create(Chars, reader.Raw128(), static (chars, rest) =>
    {
        for (var i = chars.Length - 1; i >= 0; i--)
        {
            chars[i] = Alphabet[(int)(rest & 31)];
            rest >>= 5;
        }
    });

    private static bool TryBits(string id, out UInt128 bits)
    {
        bits = 0;

        // 26 times 5 bits are two more than there are: the first of an id of ours is no more than 7.
        if (id.Length != Chars || id[0] > '7')
        {
            return false;
        }

        foreach (var letter in id)
        {
            var digit = Alphabet.IndexOf(letter, StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }

            bits = (bits << 5) | (uint)digit;
        }

        return true;
    }
}
