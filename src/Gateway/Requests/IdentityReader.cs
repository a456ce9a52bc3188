using Decisioning.Engine;
using Decisioning.Engine.Customers;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Requests;

/// <summary>Reads who a request is about.</summary>
internal static class IdentityReader
{
    public static CustomerKey? Read(Api.CustomerIdentity? identity, string tenant, string field, Violations violations)
    {
        switch (identity?.IdentityCase)
        {
            case Api.CustomerIdentity.IdentityOneofCase.UserId:
                return Fits(identity.UserId, $"{field}.user_id", violations) ? CustomerKey.User(tenant, identity.UserId) : null;
            case Api.CustomerIdentity.IdentityOneofCase.AnonymousId:
                return Fits(identity.AnonymousId, $"{field}.anonymous_id", violations) ? CustomerKey.Anonymous(tenant, identity.AnonymousId) : null;
            case Api.CustomerIdentity.IdentityOneofCase.External:
                return ReadExternal(identity.External, tenant, field + ".external", violations);
            default:
                violations.Add(field, "is missing", "set `user_id`, `anonymous_id` or `external`");
                return null;
        }
    }

    public static Api.CustomerIdentity Write(CustomerKey key)
    {
        if (!key.IsExternal)
        {
            return key.IsAnonymous ? new() { AnonymousId = key.Id } : new() { UserId = key.Id };
        }

        var colon = key.Id.IndexOf(':', StringComparison.Ordinal);
        return new() { External = new() { Namespace = key.Id[..colon], Id = key.Id[(colon + 1)..] } };
    }

    private static CustomerKey? ReadExternal(Api.ExternalIdentity external, string tenant, string field, Violations violations)
    {
        var isNamespace = CustomerKey.IsNamespace(external.Namespace);
        if (!isNamespace)
        {
            violations.Add(field + ".namespace", "is no namespace", "send 1 to 32 lower-case letters, digits and underscores");
        }

        return Fits(external.Id, field + ".id", violations) && isNamespace ? CustomerKey.External(tenant, external.Namespace, external.Id) : null;
    }

    public static bool Fits(string id, string field, Violations violations)
    {
        if (id.Length is > 0 and <= Limits.CustomerIdCharsMax)
        {
            return true;
        }

        violations.Add(field, id.Length == 0 ? "is empty" : $"has {id.Length} characters", $"send 1 to {Limits.CustomerIdCharsMax} characters");
        return false;
    }
}
