using Decisioning.Storage.Codecs;

namespace Decisioning.Storage.Postgres;

/// <summary>A decision as a row.</summary>
internal sealed class PostgresDecision(DecisionRecord record, long generation) : IOfCustomer
{
    public string Key { get; } = StoredKey.Write(record.Customer.Value);

    public KnownCustomer? Known { get; set; }

    /// <summary>Erasures that were known of when it was decided.</summary>
    public long Generation => generation;

    /// <summary>Whether it is of nobody who is there: its customer was erased, also where another came under the same key since.</summary>
    public bool IsOfNobody => Known is not { } known || generation < known.Born;

    public long DecidedAt { get; } = Instants.Write(record.Decision.DecidedAt);

    public long? OpenUntil { get; } = record.OpenUntil is { } end ? Instants.Write(end) : null;

    public byte[] Payload { get; } = DecisionCodec.Write(record);
}
