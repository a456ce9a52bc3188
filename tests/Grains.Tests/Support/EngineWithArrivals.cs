using Decisioning.Tests.Shared;

namespace Decisioning.Grains.Tests.Support;

/// <summary>A silo that knows when calls arrive.</summary>
public sealed class EngineWithArrivals : IAsyncLifetime
{
    internal Arrivals Arrivals { get; } = new();

    internal TestEngine Engine { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Engine = await TestEngine.StartAsync(TestStore.Opened(), new TestClock(), arrivals: Arrivals);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await Engine.Store.DisposeAsync();
    }
}
