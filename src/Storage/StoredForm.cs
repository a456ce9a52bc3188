using Decisioning.Engine.Customers;
using Decisioning.Storage.Codecs;
using Google.Protobuf;

namespace Decisioning.Storage;

/// <summary>Compares by what would be stored: what the store gives back is the same if this is.</summary>
public static class StoredForm
{
    /// <summary>Whether two states are stored as the same bytes.</summary>
    public static bool AreSame(CustomerState left, CustomerState right) =>
        ReferenceEquals(left, right) || Write(left).AsSpan().SequenceEqual(Write(right));

    private static byte[] Write(CustomerState state) => StateCodec.Write(state).ToByteArray();
}
