using System.Collections.Immutable;

namespace Decisioning.Storage.Maintenance;

/// <summary>What a store holds.</summary>
/// <param name="Kind">Which database it is on.</param>
/// <param name="Place">Where, in words that hold no password.</param>
/// <param name="Schema">The version of its schema; 0 when nothing was made yet.</param>
/// <param name="Pending">The migrations that this program would apply, in their order.</param>
/// <param name="IsNewer">Whether a newer program made the schema: this one would refuse to start on it.</param>
/// <param name="Counts">What is in it, by name; empty when nothing was made yet.</param>
/// <param name="Bytes">What it takes on the disk.</param>
public sealed record StoreStatus(
    StorageKind Kind, string Place, int Schema, ImmutableArray<string> Pending, bool IsNewer, ImmutableArray<(string Name, long Count)> Counts, long Bytes);

/// <summary>A copy that was made.</summary>
/// <param name="File">Where it is.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Customers">Customers in it.</param>
/// <param name="Events">Events in it, each read back.</param>
public sealed record StoreBackup(string File, long Bytes, long Customers, long Events);
