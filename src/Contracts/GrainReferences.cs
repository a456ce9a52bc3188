using Orleans;
using Orleans.Runtime;

namespace Decisioning.Contracts;

/// <summary>
/// References to the grains of one interface. The runtime asked by the interface alone looks at the interface's attributes for each reference that it
/// makes (Orleans 10.4), which takes longer than the call; here it does so for the first.
/// </summary>
/// <typeparam name="T">The interface; one class implements it.</typeparam>
/// <param name="grains">Makes references.</param>
public sealed class GrainReferences<T>(IGrainFactory grains)
    where T : IGrainWithStringKey
{
    private readonly Lazy<GrainReference> _first = new(() => (GrainReference)(IAddressable)grains.GetGrain<T>("any"));

    /// <summary>The grain of a key.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ArgumentException">The key is empty.</exception>
    public T Of(string key) => (T)grains.GetGrain(GrainId.Create(_first.Value.GrainId.Type, key), _first.Value.InterfaceType);
}
