using System.Text.Json;
using Decisioning.Engine;
using Decisioning.Engine.Access;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Http.Json;
using Decisioning.Gateway.Http.OpenApi;
using Decisioning.Gateway.Replies;
using Decisioning.Gateway.Requests;
using Decisioning.Gateway.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Http.CloudEvents;

/// <summary>Takes CloudEvents over HTTP in the three forms of its binding: binary, structured, and batches.</summary>
internal sealed class CloudEventEndpoints(EventsService events, HttpOutcomes outcomes, RefusedEvents refused)
{
    public const string Path = "/v1/cloudevents";

    /// <summary>The name under which what it refuses is counted.</summary>
    public const string Source = "cloudevents";

    public const string Structured = "application/cloudevents+json";
    public const string Batched = "application/cloudevents-batch+json";

    private static readonly RouteText Text = new("CloudEvents", "Takes CloudEvents in the binary, the structured or the batched form.")
    {
        Details = "The answer has an acknowledgement for each; one bad event of a batch keeps no other out.",
        Bodies = [(Structured, "CloudEvent"), (Batched, "CloudEventBatch"), ("application/json", "CloudEventData")],
        Answer = "TrackResponse",
    };

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost(Path, outcomes.Guard(TakeAsync)).RequireScope(AccessScope.Track).WithMetadata(Text);

    private async Task TakeAsync(HttpContext context)
    {
        var caller = context.Caller();
        var type = (context.Request.ContentType ?? "").Split(';')[0].Trim();
        var body = await RequestBody.ReadAsync(context, RequestBody.BytesMaxOf(caller));
        if (type.Equals(Batched, StringComparison.OrdinalIgnoreCase))
        {
            using var batch = JsonText.Parse(body);
            await BatchAsync(context, batch.RootElement, caller);
            return;
        }

        var violations = new Violations();
        Api.Event source;
        if (type.Equals(Structured, StringComparison.OrdinalIgnoreCase))
        {
            using var json = JsonText.Parse(body);
            source = CloudEventReader.ReadStructured(json.RootElement, violations);
        }
        else
        {
            source = ReadBinary(context.Request, type, body, violations);
        }

        violations.ThrowIfAny();
        var response = await events.TrackAsync(new Api.TrackRequest { Events = { source } }, caller, context.RequestAborted);
        if (response.Acks[0].Status == Api.EventStatus.Rejected)
        {
            throw new InvalidRequestException([.. response.Acks[0].Violations.Select(violation => AckWriter.Read(violation) with { Field = CloudEventPaths.OfOne(violation.Field) })]);
        }

        await JsonEndpoints.WriteAsync(context, response);
    }

    private static Api.Event ReadBinary(HttpRequest request, string type, ReadOnlyMemory<byte> body, Violations violations)
    {
        if (!request.Headers.ContainsKey(CloudEventReader.HeaderPrefix + "specversion") || (type.Length > 0 && !CloudEventReader.IsJson(type)))
        {
            throw new HttpRefusedException(
                StatusCodes.Status415UnsupportedMediaType,
                "CONTENT_TYPE_UNKNOWN",
                $"the request is no CloudEvent; send the content type `{Structured}` or `{Batched}`, or JSON with the headers `ce-specversion`, `ce-id`, `ce-source` and `ce-type`");
        }

        using var json = body.IsEmpty ? null : JsonText.Parse(body);
        return CloudEventReader.ReadBinary(request.Headers, json?.RootElement ?? default, violations);
    }

    // As with every batch, a bad event keeps no other out: each has its acknowledgement.
    private async Task BatchAsync(HttpContext context, JsonElement body, Caller caller)
    {
        if (body.ValueKind != JsonValueKind.Array || body.GetArrayLength() is 0 or > Limits.EventsPerBatchMax)
        {
            throw new HttpRefusedException(StatusCodes.Status400BadRequest, "INVALID_ARGUMENT", $"the body is no batch; send a list of 1 to {Limits.EventsPerBatchMax} CloudEvents");
        }

        var request = new Api.TrackRequest();
        var acks = new Api.EventAck[body.GetArrayLength()];
        var places = new List<int>(acks.Length);
        var place = 0;
        foreach (var item in body.EnumerateArray())
        {
            var violations = new Violations("", place);
            var source = CloudEventReader.ReadStructured(item, violations);
            if (violations.Any)
            {
                acks[place] = AckWriter.Rejected(source.MessageId, violations.Found);
            }
            else
            {
                request.Events.Add(source);
                places.Add(place);
            }

            place++;
        }

        if (places.Count > 0)
        {
            var recorded = await events.TrackAsync(request, caller, context.RequestAborted);
            for (var i = 0; i < places.Count; i++)
            {
                acks[places[i]] = recorded.Acks[i];
                foreach (var violation in recorded.Acks[i].Violations)
                {
                    violation.Field = CloudEventPaths.OfBatch(violation.Field, places[i]);
                }
            }
        }

        if (acks.Count(ack => ack.Status == Api.EventStatus.Rejected) is > 0 and var count)
        {
            refused.Add(Source, caller.KeyId, count);
        }

        await JsonEndpoints.WriteAsync(context, new Api.TrackResponse { Acks = { acks } });
    }
}
