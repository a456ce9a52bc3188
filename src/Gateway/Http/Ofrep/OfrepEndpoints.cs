using System.Text.Json;
using Decisioning.Engine;
using Decisioning.Engine.Access;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Http.OpenApi;
using Decisioning.Gateway.Requests;
using Decisioning.Gateway.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Decisioning.Gateway.Http.Ofrep;

/// <summary>OpenFeature's remote evaluation protocol, so that its clients ask for a placement as for a flag.</summary>
internal sealed class OfrepEndpoints(DecisionsService decisions, KnownPlacements placements, HttpOutcomes outcomes)
{
    public const string Path = "/ofrep/v1/evaluate/flags";

    private const string Key = "key";

    private static readonly IReadOnlyList<(string Type, string Schema)> Bodies = RouteText.Json("OfrepRequest");

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path + "/{key}", Guard(OneAsync)).RequireScope(AccessScope.Decide)
            .WithMetadata(new RouteText("OpenFeature", "Evaluates one flag: the next best action for a placement, named `placement` or `container.placement`.") { Bodies = Bodies, Answer = "OfrepFlag" });
        routes.MapPost(Path, Guard(AllAsync)).RequireScope(AccessScope.Decide)
            .WithMetadata(new RouteText("OpenFeature", "Evaluates the strategy's placements, the first 20; answers 304 to `If-None-Match` while they say the same.") { Bodies = Bodies, Answer = "OfrepFlags" });
    }

    private async Task OneAsync(HttpContext context)
    {
        var caller = context.Caller();
        var key = (string)context.Request.RouteValues[Key]!;
        using var body = JsonText.Parse(await RequestBody.ReadAsync(context, RequestBody.BytesMaxOf(caller)));
        var (container, placement) = OfrepReader.Flag(key, await placements.OfAsync(caller.Tenant, context.RequestAborted))
            ?? throw new OfrepRefusedException(
                StatusCodes.Status404NotFound, "FLAG_NOT_FOUND", "the strategy in force has no treatment for such a placement; ask for `placement` or `container.placement`");
        var request = OfrepReader.Read(body.RootElement, caller, container, [placement]);
        var decision = (await decisions.NextBestActionAsync(request, caller, context.RequestAborted)).Decision;

        context.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter, JsonText.Written);
        OfrepWriter.WriteFlag(writer, key, decision, decision.Items.FirstOrDefault());
    }

    private async Task AllAsync(HttpContext context)
    {
        var caller = context.Caller();
        using var body = JsonText.Parse(await RequestBody.ReadAsync(context, RequestBody.BytesMaxOf(caller)));

        // One question for all of them: what is offered at one is not offered again at the next.
        var known = await placements.OfAsync(caller.Tenant, context.RequestAborted);
        var request = OfrepReader.Read(body.RootElement, caller, "", known);
        var decision = known.IsEmpty ? new() : (await decisions.NextBestActionAsync(request, caller, context.RequestAborted)).Decision;
        var flags = request.Placements.Select(placement => (placement, decision.Items.FirstOrDefault(item => item.Placement == placement))).ToList();

        var tag = OfrepWriter.Tag(flags, decision.StrategyVersion);
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch.ToString().Split(',').Any(known => known.Trim() is var named && (named == "*" || named == tag || named == "W/" + tag)))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter, JsonText.Written);
        writer.WriteStartObject();
        writer.WriteStartArray("flags");
        foreach (var (placement, item) in flags)
        {
            OfrepWriter.WriteFlag(writer, placement, decision, item);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    // What clients of OFREP read of a refusal is its error code; what is no matter of the evaluation is answered as everywhere.
    private RequestDelegate Guard(RequestDelegate handler) => outcomes.Guard(async context =>
    {
        try
        {
            await handler(context);
        }
        catch (OfrepRefusedException refused)
        {
            await RefuseAsync(context, refused.Status, refused.Code, refused.Message);
        }
        catch (HttpRefusedException refused) when (refused.Status == StatusCodes.Status400BadRequest)
        {
            await RefuseAsync(context, refused.Status, "PARSE_ERROR", refused.Message);
        }
        catch (InvalidRequestException invalid)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "INVALID_CONTEXT", invalid.Message);
        }
    });

    private static async Task RefuseAsync(HttpContext context, int status, string code, string detail)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter, JsonText.Written);
        writer.WriteStartObject();
        writer.WriteString(Key, (string?)context.Request.RouteValues[Key] ?? "");
        writer.WriteString("errorCode", code);
        writer.WriteString("errorDetails", detail);
        writer.WriteEndObject();
    }
}
