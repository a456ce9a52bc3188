using Decisioning.Storage.Memory;

namespace Decisioning.Storage.Tests.Memory;

public sealed class MemoryDueTableTests : DueTableContract
{
    private readonly MemoryStore _store = new();

    protected override ICustomerLog Log => _store;

    protected override IDueTable Due => _store;
}
