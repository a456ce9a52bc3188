using Decisioning.Storage.Memory;

namespace Decisioning.Storage.Tests.Memory;

public sealed class MemoryStoreTests : CustomerLogContract
{
    private readonly MemoryStore _store = new();

    protected override ICustomerLog Log => _store;

    protected override IDecisionLog Decisions => _store;

    [Theory]
    [InlineData(StoreFault.BeforeCommit, 0)]
    [InlineData(StoreFault.AfterCommit, 1)]
    public async Task A_failure_is_as_it_was_told(StoreFault fault, long sequence)
    {
        _store.FailNext(fault);
        await Assert.ThrowsAsync<StorageUnavailableException>(
            () => _store.AppendAsync(Samples.Customer(), 0, [new Samples(1).Event(1)], null, CancellationToken.None));

        Assert.Equal(sequence, (await _store.LoadAsync(Samples.Customer(), Samples.Start, CancellationToken.None)).Sequence);
    }
}
