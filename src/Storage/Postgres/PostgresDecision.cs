using Decisioning.Storage.Codecs;

namespace Decisioning.Storage.Postgres;

/// <summary>A decision as a row.</summary>
internal sealed class PostgresDecision(DecisionRecord record) : IOfCustomer
{
    public string Key { get; } = StoredKey.Write(record.Customer.Value);

    public KnownCustomer? Known { get; set; }

    public long DecidedAt { get; } = Instants.Write(record.Decision.DecidedAt);

    public long? OpenUntil { get; } = record.OpenUntil is { } end ? Instants.Write(end) : null;

    public byte[] Payload { get; } = DecisionCodec.Write(record);
}
