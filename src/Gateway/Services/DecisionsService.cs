using System.Collections.Immutable;
using System.Diagnostics;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Access;
using Decisioning.Engine.Customers;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Replies;
using Decisioning.Gateway.Requests;
using Decisioning.Gateway.Throttling;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Services;

/// <summary>Answers what to do next and takes in what came of it.</summary>
internal sealed class DecisionsService(
    CustomerGrains customers,
    OutcomeInterceptor outcomes,
    CallLimits limits,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    IOptions<GatewayOptions> options,
    IOptions<LimitsOptions> bounds) : Api.Decisions.DecisionsBase
{
    [RequiresScope(AccessScope.Decide)]
    public override Task<Api.NextBestActionResponse> NextBestAction(Api.NextBestActionRequest request, ServerCallContext context) =>
        NextBestActionAsync(request, context.Caller(), Patience.Of(Left(context), bounds.Value.DeadlineMargin), context.CancellationToken);

    /// <summary>The same for whoever came another way than gRPC.</summary>
    public Task<Api.NextBestActionResponse> NextBestActionAsync(Api.NextBestActionRequest request, Caller caller, CancellationToken cancellationToken) =>
        NextBestActionAsync(request, caller, patience: null, cancellationToken);

    /// <summary>Answers before the caller's deadline.</summary>
    /// <param name="request">The question.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="patience">How long the caller waits; null for as long as it takes.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public Task<Api.NextBestActionResponse> NextBestActionAsync(
        Api.NextBestActionRequest request, Caller caller, Patience? patience, CancellationToken cancellationToken) =>
        AnswerAsync(request, caller, order: null, patience, cancellationToken);

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
            read, "responses", (customer, record, before) => customers.RecordAsync(customer, record, before, caller, cancellationToken), response, response.Acks);
    }

    private async Task<Api.NextBestActionStreamResponse> AnswerOrRefuseAsync(Api.NextBestActionRequest request, CustomerOrder order, ServerCallContext context)
    {
        try
        {
            var caller = context.Caller();
            return limits.Refuses(caller) is { } delay
                ? throw new CallRefusedException(CallLimits.TooOften(caller), delay)
                : new() { Response = await AnswerAsync(request, caller, order, patience: null, context.CancellationToken) };
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
        Api.NextBestActionRequest request, Caller caller, CustomerOrder? order, Patience? patience, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var violations = new Violations();
        var key = IdentityReader.Read(request.Customer, caller.Tenant, "customer", violations);
        var asked = DecisionReader.Read(request, violations);
        violations.ThrowIfAny();
        var question = new DecideRequest(Admission.Ask(caller, key!.Value, asked, request.Events.Count > 0), request.MinSequence, caller.IsPublic);
        var events = request.Events.Count == 0 ? [] : EventBatchReader.Read(request.Events, caller, key, clock.GetUtcNow());

        var response = new Api.NextBestActionResponse();
        var grain = customers.Of(key.Value);
        using var place = await limits.DecideAsync(cancellationToken);
        var (reply, isDegraded) = patience is { } time
            ? await time.AskAsync(
                clock,
                token => AskAsync(grain, key.Value, events, question, caller, response, order, token),
                token => grain.DecideAsync(question with { MinSequence = 0 }, token),
                cancellationToken)
            : (await AskAsync(grain, key.Value, events, question, caller, response, order, cancellationToken), false);

        if (reply.Decision is null)
        {
            throw new RpcException(new Status(
                StatusCode.FailedPrecondition,
                $"the customer's sequence is {reply.Sequence}, not yet {request.MinSequence}; send a `min_sequence` from an acknowledgement of this customer"));
        }

        if (isDegraded)
        {
            // Nobody knows yet what becomes of the events, and late acknowledgements must not be written into an answer that is on its way.
            response = new();
        }

        response.Decision = DecisionWriter.Write(reply.Decision, Stopwatch.GetElapsedTime(started));
        response.Warnings.AddRange(WarningWriter.Write(request, reply.Decision, caller.IsPublic));
        response.Decision.Degraded = isDegraded;
        return response;
    }

    private ValueTask<DecideReply> AskAsync(
        ICustomerGrain grain,
        CustomerKey key,
        IReadOnlyList<ReadEvent> events,
        DecideRequest question,
        Caller caller,
        Api.NextBestActionResponse response,
        CustomerOrder? order,
        CancellationToken cancellationToken)
    {
        if (events.Count == 0)
        {
            return order is { Count: > 0 }
                ? new(order.Behind(key, (grain, question, cancellationToken), static call => call.grain.DecideAsync(call.question, call.cancellationToken).AsTask()))
                : grain.DecideAsync(question, cancellationToken);
        }

        return new(order is null
            ? RecordAndDecideAsync(customers, grain, events, question, caller, response, cancellationToken)
            : order.After(
                key,
                (customers, grain, events, question, caller, response, cancellationToken),
                static call => RecordAndDecideAsync(call.customers, call.grain, call.events, call.question, call.caller, call.response, call.cancellationToken)));
    }

    private static async Task<DecideReply> RecordAndDecideAsync(
        CustomerGrains customers,
        ICustomerGrain grain,
        IReadOnlyList<ReadEvent> events,
        DecideRequest question,
        Caller caller,
        Api.NextBestActionResponse response,
        CancellationToken cancellationToken)
    {
        DecideReply? reply = null;
        var links = events.Any(static e => !e.Others.IsDefaultOrEmpty);
        await CustomerGrains.RecordAsync(events, EventBatchReader.Field, RecordAsync, response, response.Acks);

        // All events were refused, or there is more to do than to record them: there is still an answer.
        return reply ?? await grain.DecideAsync(question, cancellationToken);

        async Task<RecordReply> RecordAsync(CustomerKey key, RecordRequest record, Task? before)
        {
            if (links)
            {
                return await customers.RecordAsync(key, record, before, caller, cancellationToken);
            }

            var both = await grain.RecordAndDecideAsync(record, question, cancellationToken);
            reply = both.Decide;
            return both.Record;
        }
    }

    // gRPC sets deadlines by the system's clock, whatever ours is.
    private static TimeSpan? Left(ServerCallContext context) =>
        context.Deadline == DateTime.MaxValue ? null : context.Deadline - TimeProvider.System.GetUtcNow().UtcDateTime;
}
