namespace Decisioning.Storage;

/// <summary>A database with all ports.</summary>
internal interface IStore : ICustomerLog, IDueTable, IDecisionLog, IStrategyStore, IRetention, IKeyStore, IAuditLog, IErasure, IKeptRows, IStoreCondition, IAsyncDisposable;
