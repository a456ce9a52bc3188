using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Grpc.AspNetCore.HealthChecks.Internal;

internal sealed class HealthService(
    HealthStatuses statuses, HealthCheckService checks, IOptions<GrpcHealthChecksOptions> options, IHostApplicationLifetime lifetime)
    : Health.V1.Health.HealthBase
{
    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        var status = await StatusAsync(request.Service, context.CancellationToken);
        return status == ServingStatus.ServiceUnknown
            ? throw new RpcException(new Status(StatusCode.NotFound, ""))
            : new HealthCheckResponse { Status = status };
    }

    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        using var end = options.Value.SuppressCompletionOnShutdown
            ? CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken)
            : CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        var changes = statuses.Watch(request.Service, end.Token);
        var last = await StatusAsync(request.Service, context.CancellationToken);
        await responseStream.WriteAsync(new HealthCheckResponse { Status = last });
        await foreach (var status in changes.ReadAllAsync(CancellationToken.None))
        {
            if (status != last)
            {
                last = status;
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status });
            }
        }

        if (!context.CancellationToken.IsCancellationRequested)
        {
            await responseStream.WriteAsync(new HealthCheckResponse { Status = ServingStatus.NotServing });
        }
    }

    private async Task<ServingStatus> StatusAsync(string service, CancellationToken cancellationToken)
    {
        if (options.Value.UseHealthChecksCache)
        {
            return statuses.Get(service);
        }

        if (options.Value.Services.Find(service) is not { } mapping)
        {
            return ServingStatus.ServiceUnknown;
        }

        var report = await checks.CheckHealthAsync(
            registration => mapping.HealthCheckPredicate?.Invoke(new HealthCheckMapContext(registration.Name, registration.Tags)) is not false,
            cancellationToken);
        return HealthStatuses.StatusOf(report, mapping);
    }
}
