namespace Decisioning.Contracts.Messages;

/// <summary>What came of making a key.</summary>
public enum KeyCreation : byte
{
    /// <summary>It is kept and valid.</summary>
    Created = 0,

    /// <summary>The tenant has as many as it may: <see cref="Decisioning.Engine.Access.AccessKey.PerTenantMax"/>.</summary>
    TooMany = 1,

    /// <summary>There is another with its id: make one anew.</summary>
    Taken = 2,
}
