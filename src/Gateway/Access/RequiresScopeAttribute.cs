using Decisioning.Engine.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace Decisioning.Gateway.Access;

/// <summary>What a caller needs for a method, or for every method of a service. An endpoint that names none is there for nobody.</summary>
/// <param name="scope">The scope; several are all needed.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequiresScopeAttribute(AccessScope scope) : Attribute, IAuthorizeData, IAuthorizationRequirementData
{
    private readonly IAuthorizationRequirement[] _requirements = [new ScopeRequirement(scope)];

    /// <summary>The scope.</summary>
    public AccessScope Scope { get; } = scope;

    /// <inheritdoc/>
    public string? Policy { get; set; }

    /// <inheritdoc/>
    public string? Roles { get; set; }

    /// <inheritdoc/>
    public string? AuthenticationSchemes { get; set; }

    /// <inheritdoc/>
    public IEnumerable<IAuthorizationRequirement> GetRequirements() => _requirements;
}

/// <summary>Adds scopes to endpoints that are mapped as functions.</summary>
public static class RequiresScopeExtensions
{
    /// <summary>Requires a scope, as <see cref="RequiresScopeAttribute"/> does.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoints, AccessScope scope)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new RequiresScopeAttribute(scope));
}

/// <summary>Lets through whose scopes hold all that is asked.</summary>
internal sealed class ScopeRequirement(AccessScope scope) : AuthorizationHandler<ScopeRequirement>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (context.User.Identity is CallerIdentity { Caller: var caller })
        {
            if (caller.May(scope))
            {
                context.Succeed(requirement);
            }
            else
            {
                context.Fail(new AuthorizationFailureReason(this, Refusal(caller, scope)));
            }
        }

        return Task.CompletedTask;
    }

    public static string Refusal(Caller caller, AccessScope needed) =>
        $"this needs the scope `{(needed & ~caller.Scopes).Text()}`, and `{caller.KeyId}` has `{caller.Scopes.Text()}`; use another key, or make one with `decide keys create`";
}
