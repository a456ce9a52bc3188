using Decisioning.Storage.Memory;

namespace Decisioning.Storage.Tests.Memory;

public sealed class MemoryAccessStoreTests : AccessStoreContract
{
    private readonly MemoryStore _store = new();

    protected override IKeyStore Keys => _store;

    protected override IAuditLog Audit => _store;
}
