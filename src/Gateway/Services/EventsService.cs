using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Gateway.Requests;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Services;

/// <summary>Takes events in.</summary>
internal sealed class EventsService(
    CustomerGrains customers,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    IOptions<GatewayOptions> options) : Api.Events.EventsBase
{
    public override async Task<Api.TrackResponse> Track(Api.TrackRequest request, ServerCallContext context)
    {
        var events = EventBatchReader.Read(request.Events, options.Value.Tenant, known: null, clock.GetUtcNow());
        var acks = await CustomerGrains.RecordAsync(events, EventBatchReader.Field, (key, record) => customers.Of(key).RecordAsync(record, context.CancellationToken));
        var response = new Api.TrackResponse();
        response.Acks.AddRange(acks);
        return response;
    }

    public override async Task TrackStream(
        IAsyncStreamReader<Api.TrackStreamRequest> requestStream,
        IServerStreamWriter<Api.TrackStreamResponse> responseStream,
        ServerCallContext context)
    {
        var order = new CustomerOrder();
        await Pipeline.RunAsync(
            requestStream,
            responseStream,
            options.Value.StreamRequestsInFlightMax,
            AcknowledgeAsync,
            lifetime.ApplicationStopping,
            context.CancellationToken);

        async Task<Api.TrackStreamResponse> AcknowledgeAsync(Api.TrackStreamRequest request)
        {
            var events = EventBatchReader.Read(request.Events, options.Value.Tenant, known: null, clock.GetUtcNow());
            var acks = await CustomerGrains.RecordAsync(events, EventBatchReader.Field, InOrderAsync);
            var response = new Api.TrackStreamResponse();
            response.Acks.AddRange(acks);
            return response;
        }

        // A customer's events are applied in the order sent, so its next call waits for its last; others do not.
        Task<RecordReply> InOrderAsync(CustomerKey key, RecordRequest record) =>
            order.After(key, () => customers.Of(key).RecordAsync(record, context.CancellationToken));
    }
}
