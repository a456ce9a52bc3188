using System.Collections.Immutable;
using Decisioning.Engine;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Requests;

/// <summary>Reads which further identities of its customer an event names.</summary>
internal static class IdentitiesReader
{
    private const string ExternalIds = "externalIds";

    // The libraries send one or two: an advertising id, a client id.
    private const int ExternalsMax = 8;

    /// <summary>The identities; default for none. An external id that cannot be one is left in the context and out of here.</summary>
    /// <param name="source">The event, checked.</param>
    /// <param name="type">Its type.</param>
    /// <param name="context">Its context.</param>
    /// <param name="customer">Whose it is.</param>
    /// <param name="namesExternals">Whether its external ids count.</param>
    public static ImmutableArray<CustomerKey> Others(Api.Event source, EventType type, PropertyMap context, CustomerKey customer, bool namesExternals)
    {
        var hasVisitor = source.AnonymousId.Length > 0 && !customer.IsAnonymous;
        var isAlias = type == EventType.Alias;
        var externals = namesExternals && context.TryGet(ExternalIds, out var listed) && listed.Kind == ValueKind.List ? listed.AsList() : [];
        if (!hasVisitor && !isAlias && externals.IsEmpty)
        {
            return default;
        }

        var others = ImmutableArray.CreateBuilder<CustomerKey>();
        if (hasVisitor)
        {
            Add(CustomerKey.Anonymous(customer.Tenant, source.AnonymousId));
        }

        if (isAlias)
        {
            Add(CustomerKey.Anonymous(customer.Tenant, source.PreviousId));
        }

        foreach (var external in externals.Take(ExternalsMax))
        {
            if (Read(external, customer.Tenant) is { } key)
            {
                Add(key);
            }
        }

        return others.Count == 0 ? default : others.DrainToImmutable();

        void Add(CustomerKey key)
        {
            if (key != customer && !others.Contains(key))
            {
                others.Add(key);
            }
        }
    }

    private static CustomerKey? Read(Value external, string tenant)
    {
        if (external.Kind != ValueKind.Map
            || !external.AsMap().TryGet("id", out var id) || id.Kind != ValueKind.String || id.AsString().Length is 0 or > Limits.CustomerIdCharsMax
            || !external.AsMap().TryGet("type", out var type) || type.Kind != ValueKind.String)
        {
            return null;
        }

        // Segment's own have dots: `android.idfa`.
        var system = type.AsString().ToLowerInvariant().Replace('.', '_').Replace('-', '_');
        return CustomerKey.IsNamespace(system) ? CustomerKey.External(tenant, system, id.AsString()) : null;
    }
}
