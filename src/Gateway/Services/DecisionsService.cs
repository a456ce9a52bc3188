using System.Collections.Immutable;
using System.Diagnostics;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Access;
using Decisioning.Engine.Customers;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Replies;
using Decisioning.Gateway.Requests;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Services;

/// <summary>Answers what to do next and takes in what came of it.</summary>
internal sealed class DecisionsService(
    CustomerGrains customers,
    OutcomeInterceptor outcomes,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    IOptions<GatewayOptions> options) : Api.Decisions.DecisionsBase
{
    [RequiresScope(AccessScope.Decide)]
    public override Task<Api.NextBestActionResponse> NextBestAction(Api.NextBestActionRequest request, ServerCallContext context) =>
        NextBestActionAsync(request, context.Caller(), context.CancellationToken);

    /// <summary>The same for whoever came another way than gRPC.</summary>
    public Task<Api.NextBestActionResponse> NextBestActionAsync(Api.NextBestActionRequest request, Caller caller, CancellationToken cancellationToken) =>
        AnswerAsync(request, caller, order: null, cancellationToken);

    [RequiresScope(AccessScope.Decide)]
    public override Task NextBestActionStream(
        IAsyncStreamReader<Api.NextBestActionStreamRequest> requestStream,
        IServerStreamWriter<Api.NextBestActionStreamResponse> responseStream,
        ServerCallContext context)
    {
        // A question sees the events that came before it on its stream, though it does not wait for their answer.
        var order = new CustomerOrder();
        return Pipeline.RunAsync(
            requestStream,
            responseStream,
            options.Value.StreamRequestsInFlightMax,
            request => AnswerOrRefuseAsync(request.Request ?? new Api.NextBestActionRequest(), order, context),
            lifetime.ApplicationStopping,
            context.CancellationToken);
    }

    [RequiresScope(AccessScope.Track)]
    public override Task<Api.CaptureResponseResponse> CaptureResponse(Api.CaptureResponseRequest request, ServerCallContext context) =>
        CaptureResponseAsync(request, context.Caller(), context.CancellationToken);

    /// <summary>The same for whoever came another way than gRPC.</summary>
    public Task<Api.CaptureResponseResponse> CaptureResponseAsync(Api.CaptureResponseRequest request, Caller caller, CancellationToken cancellationToken)
    {
        var violations = new Violations();
        var key = IdentityReader.Read(request.Customer, caller.Tenant, "customer", violations);
        var events = ResponseReader.Read(request.Responses, clock.GetUtcNow(), violations);
        violations.ThrowIfAny();
        Admission.Tell(caller, key!.Value);

        var read = events.Select(e => e with { Key = e.Event is null ? null : key }).ToArray();
        var response = new Api.CaptureResponseResponse();
        return CustomerGrains.RecordAsync(
            read, "responses", (customer, record) => customers.Of(customer).RecordAsync(record, cancellationToken), response, response.Acks);
    }

    private async Task<Api.NextBestActionStreamResponse> AnswerOrRefuseAsync(Api.NextBestActionRequest request, CustomerOrder order, ServerCallContext context)
    {
        try
        {
            return new() { Response = await AnswerAsync(request, context.Caller(), order, context.CancellationToken) };
        }
        catch (Exception e) when (!context.CancellationToken.IsCancellationRequested)
        {
            var rpc = outcomes.ToRpc(e, context.Method);
            var refusal = new Api.NextBestActionRefusal { Code = (int)rpc.StatusCode, Message = rpc.Status.Detail };
            if (e is InvalidRequestException invalid)
            {
                refusal.Violations.AddRange(invalid.Violations.Select(AckWriter.Write));
            }

            return new() { Refusal = refusal };
        }
    }

    private async Task<Api.NextBestActionResponse> AnswerAsync(
        Api.NextBestActionRequest request, Caller caller, CustomerOrder? order, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var violations = new Violations();
        var key = IdentityReader.Read(request.Customer, caller.Tenant, "customer", violations);
        var asked = DecisionReader.Read(request, violations);
        violations.ThrowIfAny();
        var question = new DecideRequest(Admission.Ask(caller, key!.Value, asked, request.Events.Count > 0), request.MinSequence);

        var response = new Api.NextBestActionResponse();
        var grain = customers.Of(key.Value);
        DecideReply reply;
        if (request.Events.Count == 0)
        {
            reply = order is { Count: > 0 }
                ? await order.Behind(
                    key.Value, (grain, question, cancellationToken), static call => call.grain.DecideAsync(call.question, call.cancellationToken).AsTask())
                : await grain.DecideAsync(question, cancellationToken);
        }
        else
        {
            var events = EventBatchReader.Read(request.Events, caller, key, clock.GetUtcNow());
            reply = order is null
                ? await RecordAndDecideAsync(grain, events, question, response, cancellationToken)
                : await order.After(
                    key.Value,
                    (grain, events, question, response, cancellationToken),
                    static call => RecordAndDecideAsync(call.grain, call.events, call.question, call.response, call.cancellationToken));
        }

        if (reply.Decision is null)
        {
            throw new RpcException(new Status(
                StatusCode.FailedPrecondition,
                $"the customer's sequence is {reply.Sequence}, not yet {request.MinSequence}; send a `min_sequence` from an acknowledgement of this customer"));
        }

        response.Decision = DecisionWriter.Write(reply.Decision, Stopwatch.GetElapsedTime(started));
        return response;
    }

    private static async Task<DecideReply> RecordAndDecideAsync(
        Contracts.ICustomerGrain grain,
        IReadOnlyList<ReadEvent> events,
        DecideRequest question,
        Api.NextBestActionResponse response,
        CancellationToken cancellationToken)
    {
        DecideReply? reply = null;
        await CustomerGrains.RecordAsync(events, EventBatchReader.Field, RecordAsync, response, response.Acks);

        // All events were refused: there is still an answer.
        return reply ?? await grain.DecideAsync(question, cancellationToken);

        async Task<RecordReply> RecordAsync(CustomerKey key, RecordRequest record)
        {
            var both = await grain.RecordAndDecideAsync(record, question, cancellationToken);
            reply = both.Decide;
            return both.Record;
        }
    }
}
