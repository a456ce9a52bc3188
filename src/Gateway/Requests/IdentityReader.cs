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
            default:
                violations.Add(field, "is missing", "set `user_id` or `anonymous_id`");
                return null;
        }
    }

    public static Api.CustomerIdentity Write(CustomerKey key) =>
        key.IsAnonymous ? new() { AnonymousId = key.Id } : new() { UserId = key.Id };

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
