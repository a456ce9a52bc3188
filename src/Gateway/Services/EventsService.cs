using Decisioning.Contracts.Messages;
using Decisioning.Engine.Access;
using Decisioning.Engine.Customers;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Requests;
using Decisioning.Gateway.Throttling;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Services;

/// <summary>Takes events in.</summary>
[RequiresScope(AccessScope.Track)]
internal sealed class EventsService(
    CustomerGrains customers,
    CallLimits limits,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    IOptions<GatewayOptions> options) : Api.Events.EventsBase
{
    public override Task<Api.TrackResponse> Track(Api.TrackRequest request, ServerCallContext context) =>
        TrackAsync(request, context.Caller(), context.CancellationToken);

    /// <summary>The same for whoever came another way than gRPC.</summary>
    public Task<Api.TrackResponse> TrackAsync(Api.TrackRequest request, Caller caller, CancellationToken cancellationToken)
    {
        var events = EventBatchReader.Read(request.Events, caller, known: null, clock.GetUtcNow());
        var response = new Api.TrackResponse();
        return CustomerGrains.RecordAsync(
            events, EventBatchReader.Field, (key, record, before) => customers.RecordAsync(key, record, before, caller, cancellationToken), response, response.Acks);
    }

    public override Task TrackStream(
        IAsyncStreamReader<Api.TrackStreamRequest> requestStream,
        IServerStreamWriter<Api.TrackStreamResponse> responseStream,
        ServerCallContext context)
    {
        var caller = context.Caller();

        // A customer's events are applied in the order sent, so its next call waits for its last, with all that came meanwhile; others do not.
        var order = new CustomerOrder();
        var cancellationToken = context.CancellationToken;
        Func<CustomerKey, RecordRequest, Task?, Task<RecordReply>> recordInOrder = (key, record, before) => order.Record(
            key,
            record,
            before,
            (customers, caller, cancellationToken),
            static (call, key, record, before) => call.customers.RecordAsync(key, record, before, call.caller, call.cancellationToken));
        return Pipeline.RunAsync(
            requestStream,
            responseStream,
            options.Value.StreamRequestsInFlightMax,
            AcknowledgeAsync,
            lifetime.ApplicationStopping,
            cancellationToken);

        Task<Api.TrackStreamResponse> AcknowledgeAsync(Api.TrackStreamRequest request)
        {
            if (limits.Refuses(caller) is { } delay)
            {
                throw new CallRefusedException(CallLimits.TooOften(caller), delay);
            }

            var events = EventBatchReader.Read(request.Events, caller, known: null, clock.GetUtcNow());
            var response = new Api.TrackStreamResponse();
            return CustomerGrains.RecordAsync(events, EventBatchReader.Field, recordInOrder, response, response.Acks);
        }
    }
}
