using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Access;
using Decisioning.Engine.Replaying;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Replies;
using Decisioning.Gateway.Requests;
using Grpc.Core;
using Orleans;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Services;

/// <summary>Shows what was, makes it again, and checks it. One page of customers is under way for each call.</summary>
[RequiresScope(AccessScope.Author)]
internal sealed class HistoriesService(IGrainFactory grains, CustomerGrains customers) : Api.Histories.HistoriesBase
{
    private const int DifferingDefault = 100;
    private const int DifferingMax = 1000;

    private IHistoryGrain Grain(Caller caller) => grains.GetGrain<IHistoryGrain>(caller.Tenant);

    public override async Task<Api.StateAtResponse> StateAt(Api.StateAtRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var caller = context.Caller();
        var key = IdentityReader.Read(request.Customer, caller.Tenant, "customer", violations);
        var at = default(DateTimeOffset);
        if (request.At is null || !EventReader.TryInstant(request.At, out at))
        {
            violations.Add("at", request.At is null ? "is missing" : "is no instant", "send an instant of the years 1 to 9999");
        }

        violations.ThrowIfAny();
        var customer = (await customers.Of(key!.Value).ResolveAsync(context.CancellationToken)).Customer;
        var reply = await Grain(caller).StateAtAsync(new(customer, at), context.CancellationToken);
        return reply.View is { } view
            ? new Api.StateAtResponse { Customer = CustomerWriter.Write(customer, view) }
            : throw new RpcException(new Status(
                StatusCode.OutOfRange, $"the events of before {reply.KeptSince:O} are no longer kept one by one; ask for an instant from then on"));
    }

    public override async Task ReplayDecisions(
        Api.ReplayDecisionsRequest request, IServerStreamWriter<Api.ReplayDecisionsResponse> responseStream, ServerCallContext context)
    {
        var caller = context.Caller();
        var question = Read(request, caller.Tenant);
        do
        {
            var page = await Grain(caller).ReplayAsync(question, context.CancellationToken);
            if (page.IsNoVersion)
            {
                throw new RpcException(new Status(StatusCode.NotFound, $"there is no version {request.StrategyVersion} of the strategy that this engine can read"));
            }

            await responseStream.WriteAsync(Write(page), context.CancellationToken);
            question = question with { After = page.After };
        }
        while (question.After.Length > 0);
    }

    public override async Task Verify(Api.VerifyRequest request, IServerStreamWriter<Api.VerifyResponse> responseStream, ServerCallContext context)
    {
        var caller = context.Caller();
        var violations = new Violations();
        var question = new VerifyPageRequest(ReadCustomer(request.Customer, caller.Tenant, violations), "");
        violations.ThrowIfAny();
        do
        {
            var page = await Grain(caller).VerifyAsync(question, context.CancellationToken);
            var response = new Api.VerifyResponse { Customers = page.Customers, Events = page.Events };
            response.Differing.AddRange(page.Differing.Select(Write));
            await responseStream.WriteAsync(response, context.CancellationToken);
            question = question with { After = page.After };
        }
        while (question.After.Length > 0);
    }

    private static ReplayPageRequest Read(Api.ReplayDecisionsRequest request, string tenant)
    {
        var violations = new Violations();
        var customer = ReadCustomer(request.Customer, tenant, violations);
        if (request.MaxDiffering is < 0 or > DifferingMax)
        {
            violations.Add("max_differing", $"is {request.MaxDiffering}", $"send 1 to {DifferingMax}, or leave it out");
        }

        if (request is { HasStrategyVersion: true, StrategyVersion: <= 0 })
        {
            violations.Add("strategy_version", $"is {request.StrategyVersion}", "send a version that was published, from 1, or leave it out");
        }

        var files = request.StrategyCase == Api.ReplayDecisionsRequest.StrategyOneofCase.Source ? StrategyReader.Read(request.Source, violations) : [];
        violations.ThrowIfAny();
        return new(customer, "", request.StrategyVersion, files, request.MaxDiffering == 0 ? DifferingDefault : request.MaxDiffering);
    }

    // Not set asks for all.
    private static string ReadCustomer(Api.CustomerIdentity? identity, string tenant, Violations violations) =>
        identity is null ? "" : IdentityReader.Read(identity, tenant, "customer", violations)?.Value ?? "";

    private static Api.ReplayDecisionsResponse Write(ReplayPage page)
    {
        var response = new Api.ReplayDecisionsResponse
        {
            Customers = page.Customers,
            Decisions = page.Decisions,
            Differing = page.Differing,
            Untold = page.Untold,
            Skipped = page.Skipped,
        };
        response.Replays.AddRange(page.Rows.Select(Write));
        response.Offers.AddRange(page.Offers.Select(offer => new Api.OfferCount
        {
            Placement = offer.Placement,
            Action = offer.Action,
            Recorded = offer.Recorded,
            Again = offer.Again,
        }));
        response.Errors.AddRange(page.Mistakes.Select(StrategiesService.Write));
        return response;
    }

    private static Api.DecisionReplay Write(ReplayRow row)
    {
        var replay = new Api.DecisionReplay
        {
            Customer = IdentityReader.Write(row.Customer),
            DecisionId = row.DecisionId,
            RequestId = row.RequestId,
            Sequence = row.Sequence,
            DecidedAt = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(row.DecidedAt),
            StrategyVersion = row.StrategyVersion,
            Why = row.Why,
        };
        replay.Differences.AddRange(row.Differences.Select(Write));
        return replay;
    }

    private static Api.CustomerDifference Write(CustomerMismatch mismatch)
    {
        var difference = new Api.CustomerDifference { Customer = IdentityReader.Write(mismatch.Customer), Sequence = mismatch.Sequence };
        difference.Differences.AddRange(mismatch.Differences.Select(Write));
        return difference;
    }

    private static Api.Difference Write(Difference difference) =>
        new() { Name = difference.Name, Recorded = difference.Recorded, Again = difference.Again };
}
