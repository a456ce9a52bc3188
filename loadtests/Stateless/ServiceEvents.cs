using Grpc.Core;
using Npgsql;
using StackExchange.Redis;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Stateless;

/// <summary>Takes in what happened.</summary>
internal sealed class ServiceEvents(EventLanes lanes) : Api.Events.EventsBase
{
    /// <inheritdoc/>
    public override async Task<Api.TrackResponse> Track(Api.TrackRequest request, ServerCallContext context)
    {
        foreach (var @event in request.Events)
        {
            if (@event.UserId.Length == 0 || @event.MessageId.Length == 0)
            {
                throw new RpcException(new(StatusCode.InvalidArgument, "`user_id` and `message_id` are needed"));
            }
        }

        try
        {
            var response = new Api.TrackResponse();
            if (request.Events is [var only])
            {
                response.Acks.Add(await lanes.RecordAsync(only.UserId, [only]));
                return response;
            }

            var groups = request.Events.Index().GroupBy(told => told.Item.UserId, StringComparer.Ordinal).Select(group => group.ToList()).ToList();
            var answers = await Task.WhenAll(groups.Select(group => lanes.RecordAsync(group[0].Item.UserId, group.ConvertAll(told => told.Item))));
            response.Acks.Add(groups.Zip(answers).SelectMany(pair => pair.First.Zip(pair.Second)).OrderBy(pair => pair.First.Index).Select(pair => pair.Second));
            return response;
        }
        catch (Exception e) when (e is NpgsqlException or RedisException or RedisTimeoutException)
        {
            throw new RpcException(new(StatusCode.Unavailable, e.Message));
        }
    }
}
