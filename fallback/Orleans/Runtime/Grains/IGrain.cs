namespace Orleans
{
    using Orleans.Runtime;

    /// <summary>A grain interface. Its methods return Task, ValueTask or IAsyncEnumerable; it has no properties.</summary>
    public interface IGrain : IAddressable;

    public interface IGrainWithGuidKey : IGrain;

    public interface IGrainWithIntegerKey : IGrain;

    public interface IGrainWithStringKey : IGrain;

    public interface IGrainWithGuidCompoundKey : IGrain;

    public interface IGrainWithIntegerCompoundKey : IGrain;
}

namespace Orleans.Runtime
{
    /// <summary>Something that grain calls can be addressed to.</summary>
    public interface IAddressable;
}
