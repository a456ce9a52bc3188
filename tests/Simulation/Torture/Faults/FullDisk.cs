namespace Decisioning.Simulation.Tests.Torture.Faults;

/// <summary>The disk of the store is filled up by another file.</summary>
internal sealed class FullDisk(SmallDisk disk) : Fault("full")
{
    public override Task BeginAsync()
    {
        disk.Fill();
        return Task.CompletedTask;
    }

    public override Task EndAsync()
    {
        disk.Free();
        return Task.CompletedTask;
    }
}
