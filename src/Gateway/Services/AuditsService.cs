using Decisioning.Contracts;
using Decisioning.Engine.Access;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Requests;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Orleans;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Services;

/// <summary>Shows what was done with authority.</summary>
[RequiresScope(AccessScope.Admin)]
internal sealed class AuditsService(IGrainFactory grains) : Api.Audits.AuditsBase
{
    private const int PageSizeDefault = 100;
    private const int PageSizeMax = 1000;

    public override async Task<Api.AuditsListResponse> List(Api.AuditsListRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        if (request.PageSize is < 0 or > PageSizeMax)
        {
            violations.Add("page_size", $"is {request.PageSize}", $"send 1 to {PageSizeMax}, or leave it out");
        }

        if (request.After < 0)
        {
            violations.Add("after", $"is {request.After}", "send the `number` of the last row of the page before, or leave it out");
        }

        violations.ThrowIfAny();
        var tenant = context.Caller().Tenant;
        var page = await grains.GetGrain<IAuditGrain>(tenant).ReadAsync(request.After, request.PageSize == 0 ? PageSizeDefault : request.PageSize, context.CancellationToken);
        var response = new Api.AuditsListResponse { Tenant = tenant };
        response.Entries.AddRange(page.Select(entry => new Api.AuditEntry
        {
            Number = entry.Number,
            At = entry.Record.At.ToTimestamp(),
            Actor = entry.Record.Actor,
            ActorName = entry.Record.ActorName,
            Action = entry.Record.Action,
            Subject = entry.Record.Subject,
            Details = entry.Record.Details,
            Hash = entry.Hash,
        }));
        return response;
    }
}
