namespace Decisioning.Engine.Customers;

/// <summary>The newest message ids of a customer, as hashes, at most <see cref="Limits.SeenMessagesMax"/>; the oldest leave first.</summary>
public sealed record SeenMessages
{
    /// <summary>None seen.</summary>
    public static SeenMessages Empty { get; } = new();
}
