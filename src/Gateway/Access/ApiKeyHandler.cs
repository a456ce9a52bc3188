using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Decisioning.Gateway.Access;

/// <summary>Finds the caller by its key, or lets it in as <see cref="OpenAccess"/> says. A credential that was sent is always judged.</summary>
internal sealed class ApiKeyHandler(
    CallerKeys keys,
    OpenAccess open,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiKey";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var key = Credential.Key(Request) ?? await OfEndpointAsync();
        if (key is not null)
        {
            return Result(await keys.JudgeAsync(key, Context));
        }

        if (!await open.IsOpenAsync())
        {
            return Result(AccessDenial.NoCredential);
        }

        return open.Foreign(Request) is { } foreign
            ? Result(AccessDenial.NoCredential with { Refusal = $"{foreign}, and without a credential only calls of this machine itself are let in; make a key with `decide keys create`" })
            : Result(Judgement.Of(open.Local));
    }

    private ValueTask<string?> OfEndpointAsync() =>
        Context.GetEndpoint()?.Metadata.GetMetadata<IKeyPlace>() is { } place ? place.FindAsync(Context) : ValueTask.FromResult<string?>(null);

    private AuthenticateResult Result(Judgement judgement)
    {
        if (judgement.Caller is { } caller)
        {
            return AuthenticateResult.Success(new AuthenticationTicket(caller.Principal, Scheme.Name));
        }

        // As a failure the server would log each one, and whoever tries keys out would fill the log.
        Context.Features.Set(new RefusedCredential(judgement));
        return AuthenticateResult.NoResult();
    }
}

/// <summary>Carries a judgement through the server's authentication to where it is answered.</summary>
internal sealed record RefusedCredential(Judgement Judgement);
