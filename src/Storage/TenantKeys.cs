namespace Decisioning.Storage;

/// <summary>The keys of a tenant's customers, in ordinal order.</summary>
internal static class TenantKeys
{
    /// <summary>The range of keys, its end not included: they begin with <c>tenant/</c>, and the character after the slash ends them.</summary>
    /// <param name="tenant">The tenant as its store writes it.</param>
    public static (string First, string End) Of(string tenant) => (tenant + "/", tenant + "0");
}
