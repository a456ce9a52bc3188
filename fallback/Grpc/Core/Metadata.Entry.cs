using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    /// <summary>One key with its value: text, or bytes where the key ends in <c>-bin</c>.</summary>
    public sealed class Entry
    {
        private readonly string? _value;
        private readonly byte[]? _bytes;

        public Entry(string key, byte[] valueBytes)
            : this(NormalizeKey(key), null, Copy(valueBytes))
        {
            if (!IsBinaryKey(Key))
            {
                throw new ArgumentException(
                    $"Key for binary valued metadata entry needs to have '{BinaryHeaderSuffix}' suffix indicating binary value.", nameof(key));
            }
        }

        public Entry(string key, string value)
            : this(NormalizeKey(key), value ?? throw new ArgumentNullException(nameof(value)), null)
        {
            if (IsBinaryKey(Key))
            {
                throw new ArgumentException(
                    "Key for ASCII valued metadata entry cannot have suffix indicating binary value.", nameof(key));
            }
        }

        private Entry(string normalizedKey, string? value, byte[]? bytes)
        {
            Key = normalizedKey;
            _value = value;
            _bytes = bytes;
        }

        public string Key { get; }

        public byte[] ValueBytes => _bytes is null ? Encoding.ASCII.GetBytes(_value!) : Copy(_bytes);

        public string Value => _value ?? throw new InvalidOperationException("Cannot access string value of a binary metadata entry");

        public bool IsBinary => _value is null;

        public override string ToString() => IsBinary
            ? $"[Entry: key={Key}, valueBytes={_bytes}]"
            : $"[Entry: key={Key}, value={_value}]";

        internal static bool IsBinaryKey(string key) => key.EndsWith(BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase);

        internal bool HasKey(string key) => string.Equals(Key, key, StringComparison.OrdinalIgnoreCase);

        /// <summary>The value as it goes into an HTTP header.</summary>
        internal string ToHeaderValue() => _value ?? Convert.ToBase64String(_bytes!);

        private static byte[] Copy(byte[] bytes)
        {
            ArgumentNullException.ThrowIfNull(bytes);
            return bytes.AsSpan().ToArray();
        }

        private static string NormalizeKey(string key)
        {
            ArgumentNullException.ThrowIfNull(key);
            var lower = true;
            foreach (var c in key)
            {
                if (char.IsAsciiLetterUpper(c))
                {
                    lower = false;
                }
                else if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('.' or '_' or '-'))
                {
                    throw new ArgumentException(
                        "Metadata entry key not valid. Keys can only contain lowercase alphanumeric characters, underscores, hyphens and dots.",
                        nameof(key));
                }
            }

#pragma warning disable CA1308 // the protocol's keys are lower case
            return lower ? key : key.ToLowerInvariant();
#pragma warning restore CA1308
        }
    }
}
