using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Access;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Requests;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Orleans;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Services;

/// <summary>Shows, checks and replaces the strategy.</summary>
[RequiresScope(AccessScope.Author)]
internal sealed class StrategiesService(IGrainFactory grains, Audit audit) : Api.Strategies.StrategiesBase
{
    private const int HashChars = 64;

    private IStrategyGrain Grain(ServerCallContext context) => grains.GetGrain<IStrategyGrain>(context.Caller().Tenant);

    public override async Task<Api.StrategiesGetResponse> Get(Api.StrategiesGetRequest request, ServerCallContext context)
    {
        var found = await Grain(context).GetAsync(request.Version, context.CancellationToken)
            ?? throw new RpcException(new Status(StatusCode.NotFound, $"there is no version {request.Version}; 0 asks for the one in force"));
        var response = new Api.StrategiesGetResponse { Version = Write(found), Source = new Api.StrategySource() };
        response.Source.Files.AddRange(found.Files.Select(file => new Api.StrategyFile { Path = file.Path, Text = file.Text }));
        return response;
    }

    public override async Task<Api.ValidateResponse> Validate(Api.ValidateRequest request, ServerCallContext context)
    {
        var reply = await Grain(context).ValidateAsync(Read(request.Source, string.Empty), context.CancellationToken);
        var response = new Api.ValidateResponse();
        response.Errors.AddRange(reply.Mistakes.Select(Write));
        response.Warnings.AddRange(reply.Warnings.Select(Write));
        return response;
    }

    public override async Task<Api.PublishResponse> Publish(Api.PublishRequest request, ServerCallContext context)
    {
        var reply = await Grain(context).PublishAsync(Read(request.Source, request.ReplacesHash), context.CancellationToken);
        if (reply.Replaced)
        {
            throw new RpcException(new Status(
                StatusCode.Aborted,
                $"the version in force has the hash `{reply.InForce?.Hash}`, not `{request.ReplacesHash}`: somebody published in between; read it, then publish again"));
        }

        if (reply.Mistakes.IsEmpty && reply.InForce is { } published)
        {
            // After it: only then it has a version. A caller that hears of a failure here publishes again, which changes nothing but is written down.
            await audit.AddAsync(context.Caller(), "strategy.publish", $"version {published.Version}", $"`{published.Name}`, hash {published.Hash}", context.CancellationToken);
        }

        var response = new Api.PublishResponse { Version = reply.Mistakes.IsEmpty && reply.InForce is { } version ? Write(version) : null };
        response.Errors.AddRange(reply.Mistakes.Select(Write));
        response.Warnings.AddRange(reply.Warnings.Select(Write));
        return response;
    }

    private static PublishStrategy Read(Api.StrategySource? source, string replacesHash)
    {
        var violations = new Violations();
        if (replacesHash.Length is not (0 or HashChars))
        {
            violations.Add("replaces_hash", $"has {replacesHash.Length} characters", $"send the `hash` of the version in force, {HashChars} characters, or leave it out");
        }

        var files = StrategyReader.Read(source, violations);
        violations.ThrowIfAny();
        return new PublishStrategy(files, replacesHash);
    }

    private static Api.StrategyVersion Write(PublishedStrategy version) =>
        new() { Name = version.Name, Version = version.Version, Hash = version.Hash, PublishedAt = version.PublishedAt.ToTimestamp() };

    internal static Api.StrategyError Write(StrategyMistake mistake) =>
        new() { File = mistake.File, Line = mistake.Line, Column = mistake.Column, Path = mistake.Path, Message = mistake.Message, Rule = mistake.Rule };
}
