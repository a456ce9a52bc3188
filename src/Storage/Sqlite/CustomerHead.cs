namespace Decisioning.Storage.Sqlite;

/// <summary>Where a customer's log ends.</summary>
/// <param name="Key">The customer.</param>
/// <param name="CustomerId">Its number in this database.</param>
/// <param name="LastSequence">The sequence of the last event; 0 for none.</param>
/// <param name="LastEvent">The position of the last event; 0 for none.</param>
/// <param name="LastDecision">The position of the last decision; 0 for none.</param>
/// <param name="OpenUntil">The latest expiry of any offer so far, as stored; 0 for none.</param>
internal sealed record CustomerHead(string Key, long CustomerId, long LastSequence, long LastEvent, long LastDecision, long OpenUntil)
{
    /// <summary>The key of customers who are being erased: nobody's.</summary>
    public const string NoKey = "";
}
