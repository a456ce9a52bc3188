using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Decisioning.Engine;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Requests;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Http.Ofrep;

/// <summary>Reads evaluations of OFREP as questions for the next best action: a flag is a placement, its variant the action.</summary>
internal static class OfrepReader
{
    private const string TargetingKey = "targetingKey";
    private const string Anonymous = "anonymous";
    private const string Channel = "channel";

    /// <summary>The placement that a flag's key names, alone or after the name of a container and a dot; null for none of them.</summary>
    public static (string Container, string Placement)? Flag(string key, ImmutableArray<string> placements)
    {
        if (placements.Contains(key))
        {
            return ("", key);
        }

        var dot = key.LastIndexOf('.');
        return dot > 0 && placements.Contains(key[(dot + 1)..]) ? (key[..dot], key[(dot + 1)..]) : null;
    }

    /// <summary>The question for some placements, an item each.</summary>
    /// <param name="body">The body: <c>{"context": {"targetingKey": …}}</c>.</param>
    /// <param name="caller">Who asks. Behind a public key the targeting key names a visitor.</param>
    /// <param name="container">The named request; empty for none.</param>
    /// <param name="placements">The placements.</param>
    /// <exception cref="OfrepRefusedException">The context cannot be used.</exception>
    public static Api.NextBestActionRequest Read(JsonElement body, Caller caller, string container, IEnumerable<string> placements)
    {
        var context = body.ValueKind == JsonValueKind.Object ? JsonText.Find(body, "context") : default;
        if (context.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            throw Missing();
        }

        var violations = new Violations();
        var read = new StructJson(violations).Read(context, "context");
        if (violations.Any)
        {
            throw new OfrepRefusedException(StatusCodes.Status400BadRequest, "INVALID_CONTEXT", new InvalidRequestException(violations.Found).Message);
        }

        var request = new Api.NextBestActionRequest
        {
            Customer = Customer(read, caller),
            Container = container,
            Channel = Text(read, Channel),
            Placements = { placements.Take(Limits.PlacementsPerDecisionMax) },
            MaxItems = 1,
            Explain = Api.ExplainLevel.None,
        };
        read.Fields.Remove(TargetingKey);
        read.Fields.Remove(Anonymous);
        request.Context = read;

        // A flag asked for again in the same situation has the same value, and counts once: clients ask whenever they like.
        request.DecisionRequestId = "ofrep-" + Convert.ToHexStringLower(SHA256.HashData(request.ToByteArray()));
        return request;
    }

    private static Api.CustomerIdentity Customer(Struct context, Caller caller)
    {
        if (Text(context, TargetingKey) is not { Length: > 0 } id)
        {
            throw Missing();
        }

        var isAnonymous = context.Fields.TryGetValue(Anonymous, out var said) ? said.BoolValue : caller is { IsPublic: true, VisitorId: null };
        return isAnonymous ? new() { AnonymousId = id } : new() { UserId = id };
    }

    private static string Text(Struct context, string name) => context.Fields.TryGetValue(name, out var value) ? value.StringValue : "";

    private static OfrepRefusedException Missing() =>
        new(StatusCodes.Status400BadRequest, "TARGETING_KEY_MISSING", "`context.targetingKey` is missing; send the customer's user id, or with `context.anonymous: true` the visitor's id");
}
