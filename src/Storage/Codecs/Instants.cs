namespace Decisioning.Storage.Codecs;

/// <summary>Instants as the store keeps them: ticks of 100 ns since 1970-01-01T00:00:00Z, exact.</summary>
internal static class Instants
{
    public static long Write(DateTimeOffset instant) => instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;

    public static DateTimeOffset Read(long ticks) => new(ticks + DateTimeOffset.UnixEpoch.Ticks, TimeSpan.Zero);

    /// <summary>An instant within a dynamic value: in microseconds, which is all it has.</summary>
    public static long WriteMicroseconds(DateTimeOffset instant) => Write(instant) / TimeSpan.TicksPerMicrosecond;

    /// <inheritdoc cref="WriteMicroseconds"/>
    public static DateTimeOffset ReadMicroseconds(long microseconds) => Read(microseconds * TimeSpan.TicksPerMicrosecond);
}
