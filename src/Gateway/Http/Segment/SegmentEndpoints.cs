using System.Collections.Immutable;
using System.Text.Json;
using Decisioning.Engine;
using Decisioning.Engine.Access;
using Decisioning.Engine.Customers;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Http.OpenApi;
using Decisioning.Gateway.Replies;
using Decisioning.Gateway.Requests;
using Decisioning.Gateway.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Http.Segment;

/// <summary>
/// The HTTP tracking API of Segment, so that its libraries send to us unchanged. They drop a whole batch for ever when it is answered
/// as bad, so a bad event never makes a batch bad: it is left out, counted, and told of in the answer.
/// </summary>
internal sealed class SegmentEndpoints(EventsService events, HttpOutcomes outcomes, RefusedEvents refused)
{
    /// <summary>The name under which what it refuses is counted.</summary>
    public const string Source = "segment";

    private const string Answer = "SegmentAnswer";

    // More are not mended at once.
    private const int ErrorsMax = 20;

    private static readonly (string Name, Api.EventType Type)[] Calls =
    [
        ("track", Api.EventType.Track),
        ("identify", Api.EventType.Identify),
        ("page", Api.EventType.Page),
        ("screen", Api.EventType.Screen),
        ("group", Api.EventType.Group),
        ("alias", Api.EventType.Alias),
    ];

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (name, type) in Calls)
        {
            // The library for browsers says the first letter only.
            var text = new RouteText("Segment", $"Takes one call of the type `{name}`.") { Bodies = RouteText.Json("SegmentCall"), Answer = Answer };
            Post(routes, name, text, context => OneAsync(context, type));
            Post(routes, name[..1], text, context => OneAsync(context, type));
        }

        var batch = new RouteText("Segment", "Takes calls together; one that is bad keeps no other out.") { Bodies = RouteText.Json("SegmentBatch"), Answer = Answer };
        Post(routes, "batch", batch, BatchAsync);
        Post(routes, "b", batch, BatchAsync);

        // What the libraries measure of themselves: nothing of it is kept.
        Post(routes, "m", new RouteText("Segment", "Takes what the libraries measure of themselves, and drops it.") { Answer = Answer }, SucceedAsync);
        routes.MapGet("/v1/projects/{key}/settings", outcomes.Guard(SegmentSettings.WriteAsync))
            .RequireScope(AccessScope.Track)
            .WithMetadata(new RouteKey("key"), new RouteText("Segment", "Says to the library for browsers where to send.") { Answer = "SegmentSettings" });
    }

    private void Post(IEndpointRouteBuilder routes, string name, RouteText text, RequestDelegate handler) =>
        routes.MapPost("/v1/" + name, outcomes.Guard(handler)).RequireScope(AccessScope.Track).WithMetadata(SegmentBody.Key, text);

    private async Task OneAsync(HttpContext context, Api.EventType type)
    {
        var caller = context.Caller();
        var source = SegmentReader.ReadOne(await ReadAsync(context, caller), type);
        var errors = await RecordAsync([source], caller, context.RequestAborted);
        if (errors.Count > 0)
        {
            refused.Add(Source, caller.KeyId, errors.Count);
            throw new InvalidRequestException([.. errors.SelectMany(error => error.Violations).Select(violation => violation with { Field = SegmentPaths.OfOne(violation.Field) })]);
        }

        await SucceedAsync(context);
    }

    private async Task BatchAsync(HttpContext context)
    {
        var caller = context.Caller();
        var batch = SegmentReader.ReadBatch(await ReadAsync(context, caller));
        var errors = await RecordAsync(batch, caller, context.RequestAborted);
        if (errors.Count == 0)
        {
            await SucceedAsync(context);
            return;
        }

        refused.Add(Source, caller.KeyId, errors.Count);
        context.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter, JsonText.Written);
        writer.WriteStartObject();
        writer.WriteBoolean("success", true);
        writer.WriteNumber("refused", errors.Count);
        writer.WritePropertyName("errors");
        Problem.WriteErrors(writer, errors.SelectMany(error => error.Violations).Take(ErrorsMax));
        writer.WriteEndObject();
    }

    private static ValueTask<JsonElement> ReadAsync(HttpContext context, Caller caller) =>
        SegmentBody.ReadAsync(context, RequestBody.BytesMaxOf(caller));

    private static Task SucceedAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync("""{"success":true}""", context.RequestAborted);
    }

    /// <summary>Records what could be read; gives back what was refused.</summary>
    private async Task<List<(int Place, ImmutableArray<FieldViolation> Violations)>> RecordAsync(
        IReadOnlyList<SegmentEvent> batch, Caller caller, CancellationToken cancellationToken)
    {
        var errors = new List<(int, ImmutableArray<FieldViolation>)>();
        var places = new List<int>(batch.Count);
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch[i].Event is null)
            {
                errors.Add((i, batch[i].Violations));
            }
            else
            {
                places.Add(i);
            }
        }

        // One after another: a customer's events are applied in the order given.
        foreach (var chunk in places.Chunk(Limits.EventsPerBatchMax))
        {
            var request = new Api.TrackRequest();
            request.Events.AddRange(chunk.Select(place => batch[place].Event!));
            var response = await events.TrackAsync(request, caller, cancellationToken);
            for (var i = 0; i < response.Acks.Count; i++)
            {
                if (response.Acks[i].Status == Api.EventStatus.Rejected)
                {
                    var place = chunk[i];
                    errors.Add((place, [.. response.Acks[i].Violations.Select(v => AckWriter.Read(v) with { Field = SegmentPaths.OfBatch(v.Field, place) })]));
                }
            }
        }

        return errors;
    }
}
