using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Orleans;

namespace Decisioning.Engine.Access;

/// <summary>Something that was done with authority: for those who have to answer for it later. Holds no personal data of customers.</summary>
/// <param name="At">When, in whole microseconds.</param>
/// <param name="Actor">The id of the credential that did it.</param>
/// <param name="ActorName">What its owner calls the credential, or whom a token is about.</param>
/// <param name="Action">What was done, e.g. <c>key.create</c>.</param>
/// <param name="Subject">What it was done to: the id of a key, the version of a strategy.</param>
/// <param name="Details">More, in words; up to <see cref="DetailsCharsMax"/> characters.</param>
[GenerateSerializer, Immutable, Alias("decisioning.audit-record")]
public sealed record AuditRecord(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] string Actor,
    [property: Id(2)] string ActorName,
    [property: Id(3)] string Action,
    [property: Id(4)] string Subject,
    [property: Id(5)] string Details)
{
    /// <summary>Characters of <see cref="Details"/>.</summary>
    public const int DetailsCharsMax = 1000;
}

/// <summary>
/// A row of a tenant's audit log. Its hash covers the row and the hash of the one before: who changes or takes out a row has to write
/// every later one anew, and whoever noted a later hash sees it.
/// </summary>
/// <param name="Number">1 for the tenant's first, one more with each.</param>
/// <param name="Record">What was done.</param>
/// <param name="Hash">SHA-256 over the hash before, the tenant, the number and the record, lower-case hex.</param>
[GenerateSerializer, Immutable, Alias("decisioning.audit-entry")]
public sealed record AuditEntry([property: Id(0)] long Number, [property: Id(1)] AuditRecord Record, [property: Id(2)] string Hash)
{
    /// <summary>Stands for the hash before the first row.</summary>
    public static readonly string Start = new('0', 64);

    /// <summary>The row that follows one with a given hash.</summary>
    /// <param name="tenant">Whose log.</param>
    /// <param name="number">The row's number.</param>
    /// <param name="record">What was done; its instant is cut to microseconds.</param>
    /// <param name="before">The hash of the row before; <see cref="Start"/> for none.</param>
    public static AuditEntry After(string tenant, long number, AuditRecord record, string before)
    {
        var at = record.At.ToUniversalTime();
        record = record with { At = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond)) };
        return new(number, record, HashOf(tenant, number, record, before));
    }

    /// <summary>Whether the row is as it was written, and follows the one with the given hash.</summary>
    public bool Follows(string tenant, string before) => Hash == HashOf(tenant, Number, Record, before);

    private static string HashOf(string tenant, long number, AuditRecord record, string before)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> eight = stackalloc byte[8];
        foreach (var text in (ReadOnlySpan<string>)[before, tenant, record.Actor, record.ActorName, record.Action, record.Subject, record.Details])
        {
            // The length goes first: two fields never read as two others.
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt64BigEndian(eight, bytes.Length);
            hash.AppendData(eight);
            hash.AppendData(bytes);
        }

        BinaryPrimitives.WriteInt64BigEndian(eight, number);
        hash.AppendData(eight);
        BinaryPrimitives.WriteInt64BigEndian(eight, record.At.UtcTicks / TimeSpan.TicksPerMicrosecond);
        hash.AppendData(eight);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
