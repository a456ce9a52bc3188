using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Decisioning.Gateway.Access;

/// <summary>How tokens are checked: signed by the issuer with a key pair, made for this engine, and not expired.</summary>
internal sealed class TokenScheme(IOptions<TokenOptions> options, TokenCallers callers, FailedCredentials failed, GoodTokens good, TimeProvider clock) : IConfigureNamedOptions<JwtBearerOptions>
{
    public const string Name = "Token";

    /// <summary>How far the issuer's clock may be from ours.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private static readonly Judgement Expired = new(null, "TOKEN_EXPIRED", "the token has expired or is not valid yet; get another from its issuer");

    private static readonly Judgement Invalid = new(
        null, "TOKEN_INVALID", "the token is not valid here: it is not signed by the issuer this engine trusts, or not made for this engine");

    private static readonly Judgement NoIssuer = Judgement.Unavailable with { Refusal = "the issuer of tokens cannot be asked for its keys now; repeat the call" };

    // Signatures that need the issuer's private key. None, and those that a shared secret makes, are no proof of anything.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    public void Configure(JwtBearerOptions options) => Configure(Name, options);

    public void Configure(string? name, JwtBearerOptions jwt)
    {
        if (name != Name)
        {
            return;
        }

        jwt.Authority = options.Value.IsOn ? options.Value.Authority : null;
        jwt.RequireHttpsMetadata = !options.Value.IsLoopback;
        jwt.MapInboundClaims = false;
        jwt.SaveToken = false;
        jwt.TokenValidationParameters = new()
        {
            ValidAudience = options.Value.Audience,
            ValidAlgorithms = Algorithms,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = (from, until, _, _) => IsNow(from, until),
        };
        jwt.Events = new()
        {
            OnMessageReceived = context =>
            {
                // A signature costs more to check than to make up.
                if (failed.Refuses(context.HttpContext) is { } wait && !good.Has(context.Request))
                {
                    context.HttpContext.Features.Set(new RefusedCredential(failed.NotLookedAt(wait)));
                    context.NoResult();
                }

                return Task.CompletedTask;
            },
            OnTokenValidated = context =>
            {
                var judgement = callers.Judge(context.Principal!, context.SecurityToken.ValidTo);
                if (judgement.Caller is { } caller)
                {
                    context.Principal = caller.Principal;
                    good.Add(context.Request, context.SecurityToken.ValidTo);
                    failed.SawGood(context.HttpContext);
                }
                else
                {
                    Refuse(context.HttpContext, judgement);
                    context.NoResult();
                }

                return Task.CompletedTask;
            },
            OnAuthenticationFailed = async context =>
            {
                Refuse(context.HttpContext, context.Exception switch
                {
                    SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException or SecurityTokenNotYetValidException or SecurityTokenNoExpirationException => Expired,
                    _ => await HasIssuerAsync(context.Options, context.HttpContext.RequestAborted) ? Invalid : NoIssuer,
                });
                context.NoResult();
            },
        };
    }

    private bool IsNow(DateTime? from, DateTime? until)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return until is { } end && now < end + Skew && !(now < from - Skew);
    }

    // Without the issuer's keys every signature looks wrong: that is not the token's fault.
    private static async Task<bool> HasIssuerAsync(JwtBearerOptions jwt, CancellationToken cancellationToken)
    {
        try
        {
            return jwt.ConfigurationManager is { } issuer && (await issuer.GetConfigurationAsync(cancellationToken)).SigningKeys.Count > 0;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or HttpRequestException)
        {
            return false;
        }
    }

    private void Refuse(HttpContext context, Judgement judgement) => context.Features.Set(new RefusedCredential(failed.Count(context, judgement)));
}
