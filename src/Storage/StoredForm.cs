using Decisioning.Engine.Customers;
using Decisioning.Storage.Codecs;
using Decisioning.Storage.Wire;
using Google.Protobuf;

namespace Decisioning.Storage;

/// <summary>States as the bytes they would be stored as: what the store gives back is the same if these are.</summary>
public static class StoredForm
{
    /// <summary>Whether two states are stored as the same bytes.</summary>
    public static bool AreSame(CustomerState left, CustomerState right) =>
        ReferenceEquals(left, right) || Write(left).AsSpan().SequenceEqual(Write(right));

    /// <summary>The bytes of a state.</summary>
    public static byte[] Write(CustomerState state) => StateCodec.Write(state).ToByteArray();

    /// <summary>The state of which these are the bytes.</summary>
    public static CustomerState Read(ReadOnlySpan<byte> bytes) => StateCodec.Read(StoredState.Parser.ParseFrom(bytes));
}
