using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace Decisioning.Engine.Expressions.Runtime;

/// <summary>CEL's extension of encodings.</summary>
internal static class EncodersExtension
{
    [Cel("base64.encode", Grows = true)]
    public static string Encode(ImmutableArray<byte> bytes) => Convert.ToBase64String(bytes.AsSpan());

    /// <summary>With or without the padding at the end.</summary>
    [Cel("base64.decode", Grows = true)]
    public static Fault Decode(string text, out ImmutableArray<byte> bytes)
    {
        var padded = Encoding.UTF8.GetBytes(text.Length % 4 == 0 ? text : text + new string('=', 4 - (text.Length % 4)));
        var decoded = new byte[padded.Length];
        var valid = Base64.DecodeFromUtf8(padded, decoded, out _, out var length) == OperationStatus.Done;
        bytes = ImmutableCollectionsMarshal.AsImmutableArray(valid ? decoded[..length] : []);
        return valid ? Fault.None : Fault.BadText;
    }
}
