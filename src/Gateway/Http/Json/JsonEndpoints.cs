using System.Text.Json;
using Decisioning.Contracts.Json;
using Decisioning.Engine.Access;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Http.OpenApi;
using Decisioning.Gateway.Privacy;
using Decisioning.Gateway.Requests;
using Decisioning.Gateway.Services;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Http.Json;

/// <summary>Methods of our API over plain HTTP: the same messages as JSON, answered by the same code.</summary>
internal sealed class JsonEndpoints(EventsService events, DecisionsService decisions, CustomersService customers, CustomerPrivacy privacy, HttpOutcomes outcomes)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        Post<Api.TrackRequest, Api.TrackResponse>(routes, "/v1/events", Method(Api.Events.Descriptor, "Track"), AccessScope.Track, events.TrackAsync);
        Post<Api.NextBestActionRequest, Api.NextBestActionResponse>(
            routes, "/v1/next-best-action", Method(Api.Decisions.Descriptor, "NextBestAction"), AccessScope.Decide, decisions.NextBestActionAsync);
        Post<Api.CaptureResponseRequest, Api.CaptureResponseResponse>(
            routes, "/v1/responses", Method(Api.Decisions.Descriptor, "CaptureResponse"), AccessScope.Track, decisions.CaptureResponseAsync);
        Get<Api.GetRequest, Api.GetResponse>(routes, "/v1/customer", Method(Api.Customers.Descriptor, "Get"), AccessScope.Agent, customers.GetAsync);
        Get<Api.ListRequest, Api.ListResponse>(routes, "/v1/customers", Method(Api.Customers.Descriptor, "List"), AccessScope.Admin, customers.ListAsync);
        Post<Api.EraseRequest, Api.EraseResponse>(routes, "/v1/customer/erase", Method(Api.Customers.Descriptor, "Erase"), AccessScope.Admin, privacy.EraseAsync);
        PostForLines<Api.ExportRequest, Api.ExportResponse>(
            routes, "/v1/customer/export", Method(Api.Customers.Descriptor, "Export"), AccessScope.Admin, privacy.ExportAsync);
    }

    /// <summary>Answers a request with a message as JSON.</summary>
    public static async Task WriteAsync(HttpContext context, IMessage message)
    {
        context.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter, JsonText.Written);
        MessageJsonWriter.Write(writer, message);
    }

    private void Post<TRequest, TResponse>(
        IEndpointRouteBuilder routes, string path, MethodDescriptor method, AccessScope scope, Func<TRequest, Caller, CancellationToken, Task<TResponse>> answer)
        where TRequest : IMessage<TRequest>, new()
        where TResponse : IMessage =>
        MapPost<TRequest>(routes, path, method, scope, async (request, caller, context) => await WriteAsync(context, await answer(request, caller, context.RequestAborted)));

    /// <summary>For answers that have no end to be waited for: a line of JSON for each message. A mistake is told before the first line; later ones cut the answer off.</summary>
    private void PostForLines<TRequest, TResponse>(
        IEndpointRouteBuilder routes, string path, MethodDescriptor method, AccessScope scope, Func<TRequest, Caller, Func<TResponse, Task>, CancellationToken, Task> answer)
        where TRequest : IMessage<TRequest>, new()
        where TResponse : IMessage =>
        MapPost<TRequest>(
            routes, path, method, scope, (request, caller, context) => answer(request, caller, message => WriteLineAsync(context, message), context.RequestAborted));

    private void MapPost<TRequest>(IEndpointRouteBuilder routes, string path, MethodDescriptor method, AccessScope scope, Func<TRequest, Caller, HttpContext, Task> answer)
        where TRequest : IMessage<TRequest>, new() =>
        routes.MapPost(path, outcomes.Guard(async context =>
        {
            var caller = context.Caller();
            using var body = JsonText.Parse(await RequestBody.ReadAsync(context, RequestBody.BytesMaxOf(caller)));
            var violations = new Violations();
            var request = new MessageJson(violations).Read<TRequest>(body.RootElement);
            violations.ThrowIfAny();
            await answer(request, caller, context);
        })).RequireScope(scope).WithMetadata(new JsonRoute(method), Text(method));

    private static async Task WriteLineAsync(HttpContext context, IMessage message)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "application/x-ndjson";
        }

        await using (var writer = new Utf8JsonWriter(context.Response.BodyWriter, JsonText.Written))
        {
            MessageJsonWriter.Write(writer, message);
        }

        await context.Response.BodyWriter.WriteAsync("\n"u8.ToArray(), context.RequestAborted);
    }

    private void Get<TRequest, TResponse>(
        IEndpointRouteBuilder routes, string path, MethodDescriptor method, AccessScope scope, Func<TRequest, Caller, CancellationToken, Task<TResponse>> answer)
        where TRequest : IMessage<TRequest>, new()
        where TResponse : IMessage =>
        routes.MapGet(path, outcomes.Guard(async context =>
        {
            var violations = new Violations();
            var request = new MessageJson(violations).Read<TRequest>(QueryJson.Of(context.Request.Query, method.InputType));
            violations.ThrowIfAny();
            await WriteAsync(context, await answer(request, context.Caller(), context.RequestAborted));
        })).RequireScope(scope).WithMetadata(new JsonRoute(method), Text(method));

    // The first sentence says what it does.
    private static RouteText Text(MethodDescriptor method)
    {
        var text = ProtoComments.Of(method);
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? new("Decisioning", text) : new("Decisioning", text[..(end + 1)]) { Details = text[(end + 2)..] };
    }

    private static MethodDescriptor Method(ServiceDescriptor service, string name) => service.FindMethodByName(name);
}

/// <summary>As metadata of an endpoint: the method of the API that it answers for.</summary>
/// <param name="Method">The method.</param>
internal sealed record JsonRoute(MethodDescriptor Method);
