namespace Decisioning.Engine.Customers;

/// <summary>An instant in UTC, or none, in the 8 bytes that a state has for it; as a nullable it would be 24.</summary>
internal readonly record struct MaybeInstant
{
    // The default is none: an instant is kept as one more than its ticks.
    private readonly long _next;

    public MaybeInstant(DateTimeOffset? at) => _next = at is { } instant ? instant.UtcTicks + 1 : 0;

    /// <summary>The instant; null for none.</summary>
    public DateTimeOffset? Value => _next == 0 ? null : new(_next - 1, TimeSpan.Zero);
}
