using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Decisioning.Gateway.Access;

/// <summary>Adds who may do what to the gateway.</summary>
internal static class AccessModule
{
    public static IServiceCollection AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccessOptions>().Bind(configuration.GetSection(AccessOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<FailedCredentials>();
        services.AddSingleton<CallerKeys>();
        services.AddSingleton<OpenAccess>();
        services.AddHostedService<OpenAccessWarning>();
        services.AddSingleton<Audit>();
        services.AddOptions<TokenOptions>().Bind(configuration.GetSection(TokenOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TokenCallers>();
        services.AddSingleton<GoodTokens>();
        services.AddSingleton<StreamGuard>();
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, TokenScheme>();
        services.AddAuthentication(ApiKeyHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null)
            .AddJwtBearer(TokenScheme.Name, _ => { });
        services.AddOptions<AuthenticationSchemeOptions>(ApiKeyHandler.SchemeName).Configure<IOptions<TokenOptions>>((scheme, tokens) =>
            scheme.ForwardDefaultSelector = context => tokens.Value.IsOn && Credential.IsToken(context.Request) ? TokenScheme.Name : null);

        // What names no scope is served to nobody.
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(new DenyAll()).Build());
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessDenial>();
        return services;
    }

    /// <summary>A requirement that nothing meets.</summary>
    private sealed class DenyAll : IAuthorizationRequirement;
}
