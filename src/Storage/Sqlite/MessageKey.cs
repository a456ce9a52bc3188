namespace Decisioning.Storage.Sqlite;

/// <summary>A message id of one customer.</summary>
/// <param name="CustomerId">The customer's number.</param>
/// <param name="Hash">Its <see cref="Codecs.MessageHash"/>.</param>
internal readonly record struct MessageKey(long CustomerId, UInt128 Hash) : IComparable<MessageKey>
{
    public const int HashBytes = 16;

    public int CompareTo(MessageKey other) =>
        CustomerId != other.CustomerId ? CustomerId.CompareTo(other.CustomerId) : Hash.CompareTo(other.Hash);

    public static bool operator <(MessageKey left, MessageKey right) => left.CompareTo(right) < 0;

    public static bool operator >(MessageKey left, MessageKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(MessageKey left, MessageKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(MessageKey left, MessageKey right) => left.CompareTo(right) >= 0;
}
