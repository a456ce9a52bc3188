using System.Runtime.InteropServices;

namespace Decisioning.Storage;

/// <summary>One step of giving a tenant's customers an instant each: those with numbers after <paramref name="From"/> up to <paramref name="To"/>.</summary>
/// <param name="From">Where the step before it ended.</param>
/// <param name="To">Where it ends.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SpreadStep(long From, long To)
{
    // About 2 ms of the writer on SQLite, 10 ms of the server on PostgreSQL; appends of others are committed meanwhile.
    private const int Customers = 1000;
    private const long AllDone = long.MaxValue;

    /// <summary>The step after those that the store has noted for a tenant; null when all is done for this version or a newer one came.</summary>
    /// <param name="spread">What is spread.</param>
    /// <param name="version">The version noted; 0 for none.</param>
    /// <param name="doneTo">How far it has come, see <see cref="DoneTo"/>.</param>
    public static SpreadStep? After(DueSpread spread, long version, long doneTo)
    {
        if (version > spread.Version || (version == spread.Version && doneTo == AllDone))
        {
            return null;
        }

        var from = version == spread.Version ? doneTo : 0;
        return new(from, from + Customers);
    }

    /// <summary>Whether it is the last one. Customers who come later meet the version that is in force by then.</summary>
    public bool IsLast(long lastCustomer) => To >= lastCustomer;

    /// <summary>How far the store has come with it, to be noted along with it.</summary>
    public long DoneTo(long lastCustomer) => IsLast(lastCustomer) ? AllDone : To;
}
