using Decisioning.Gateway.Access;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Decisioning.Gateway.Throttling;

/// <summary>Adds the limits to the gateway.</summary>
internal static class ThrottlingModule
{
    public static IServiceCollection AddThrottling(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LimitsOptions>().Bind(configuration.GetSection(LimitsOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelLimits>();
        services.AddSingleton<CallLimits>();
        return services;
    }

    /// <summary>Limits bodies; stands before whatever reads one.</summary>
    public static void UseBodyLimits(this WebApplication app)
    {
        var bytesMax = app.Services.GetRequiredService<IOptions<LimitsOptions>>().Value.HttpBodyBytesMax;
        app.Use((context, next) =>
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is null
                && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            {
                size.MaxRequestBodySize = bytesMax;
            }

            return next(context);
        });
    }

    /// <summary>Limits how often callers call; stands after authorization. Who needs no credential has no limit: health is answered under any load.</summary>
    public static void UseCallLimits(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<CallLimits>();
        app.Use((context, next) => context.FindCaller() is { } caller && limits.Refuses(caller) is { } delay
            ? AccessDenial.WriteAsync(
                context,
                StatusCode.ResourceExhausted,
                StatusCodes.Status429TooManyRequests,
                new Judgement(null, "CALLS_TOO_OFTEN", CallLimits.TooOften(caller)) { RetryAfter = delay })
            : next(context));
    }
}
