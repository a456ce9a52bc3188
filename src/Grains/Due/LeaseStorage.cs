namespace Decisioning.Grains.Due;

/// <summary>Where the leases of the due table's parts are kept.</summary>
/// <param name="OutlivesSilo">False where they are in the silo's own memory: one that stops has nobody to give a lease back to, and nowhere to write that it did.</param>
public sealed record LeaseStorage(bool OutlivesSilo);
