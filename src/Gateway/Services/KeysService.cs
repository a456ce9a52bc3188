using System.Security.Cryptography;
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

/// <summary>Manages keys. A secret is made here and leaves in the answer; only its hash goes on.</summary>
[RequiresScope(AccessScope.Admin)]
internal sealed class KeysService(IGrainFactory grains, CallerKeys keys, TimeProvider clock) : Api.Keys.KeysBase
{
    private const int PageSizeDefault = 100;
    private const int PageSizeMax = 1000;

    // The flags of ours are in the order of the API's names.
    private static readonly AccessScope[] Scopes = [AccessScope.Track, AccessScope.Decide, AccessScope.Agent, AccessScope.Author, AccessScope.Admin];

    public override async Task<Api.KeysCreateResponse> Create(Api.KeysCreateRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        var (text, id, secretHash) = KeyText.Make(RandomNumberGenerator.GetBytes(KeyText.RandomBytes));
        var key = Read(request, caller, id, secretHash);
        var creation = await Grain(caller).CreateAsync(key, caller.Name, context.CancellationToken);
        keys.Forget(id);
        return creation switch
        {
            KeyCreation.Created => new Api.KeysCreateResponse { Key = Write(key), Text = text },
            KeyCreation.TooMany => throw new RpcException(new Status(
                StatusCode.FailedPrecondition, $"the tenant has {AccessKey.PerTenantMax} keys, those included that were revoked; use those there are, or another tenant")),
            _ => throw new RpcException(new Status(StatusCode.Aborted, "the id that was drawn is taken; repeat the call")),
        };
    }

    public override async Task<Api.KeysListResponse> List(Api.KeysListRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        if (request.PageSize is < 0 or > PageSizeMax)
        {
            violations.Add("page_size", $"is {request.PageSize}", $"send 1 to {PageSizeMax}, or leave it out");
        }

        if (request.PageToken.Length > 0 && !KeyText.IsId(request.PageToken))
        {
            violations.Add("page_token", "is not one of ours", "send `next_page_token` of the page before, or leave it out");
        }

        violations.ThrowIfAny();
        var size = request.PageSize == 0 ? PageSizeDefault : request.PageSize;
        var page = await Grain(context.Caller()).ListAsync(request.PageToken, size, context.CancellationToken);
        var response = new Api.KeysListResponse { NextPageToken = page.Length == size ? page[^1].Id : "" };
        response.Keys.AddRange(page.Select(Write));
        return response;
    }

    public override async Task<Api.KeysRevokeResponse> Revoke(Api.KeysRevokeRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        var key = KeyText.IsId(request.Id) ? await Grain(caller).RevokeAsync(request.Id, caller.KeyId, caller.Name, context.CancellationToken) : null;
        keys.Forget(request.Id);
        return key is null
            ? throw new RpcException(new Status(StatusCode.NotFound, "there is no such key; send the `id` of one that `List` shows, 12 characters"))
            : new Api.KeysRevokeResponse { Key = Write(key) };
    }

    private AccessKey Read(Api.KeysCreateRequest request, Caller caller, string id, string secretHash)
    {
        var violations = new Violations();
        var scopes = AccessScope.None;
        for (var i = 0; i < request.Scopes.Count; i++)
        {
            if (request.Scopes[i] is >= Api.Scope.Track and <= Api.Scope.Admin)
            {
                scopes |= Scopes[(int)request.Scopes[i] - 1];
            }
            else
            {
                violations.Add($"scopes[{i}]", $"`{(int)request.Scopes[i]}` is not a scope", "send TRACK, DECIDE, AGENT, AUTHOR or ADMIN");
            }
        }

        DateTimeOffset? expiresAt = null;
        if (request.ExpiresAt is { } end)
        {
            if (EventReader.TryInstant(end, out var at))
            {
                expiresAt = at;
            }
            else
            {
                violations.Add("expires_at", "is no instant", "send an instant of the years 1 to 9999, or leave it out");
            }
        }

        violations.ThrowIfAny();
        var now = clock.GetUtcNow();
        var key = new AccessKey(id, caller.Tenant, request.Name, scopes, secretHash, now, caller.KeyId)
        {
            IsPublic = request.IsPublic,
            Origins = [.. request.Origins],
            ExpiresAt = expiresAt,
        };
        if (key.Mistake(now) is { } mistake)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, mistake));
        }

        return key;
    }

    private IKeysGrain Grain(Caller caller) => grains.GetGrain<IKeysGrain>(caller.Tenant);

    private static Api.Key Write(AccessKey key)
    {
        var written = new Api.Key
        {
            Id = key.Id,
            Name = key.Name,
            IsPublic = key.IsPublic,
            CreatedAt = key.CreatedAt.ToTimestamp(),
            CreatedBy = key.CreatedBy,
            ExpiresAt = key.ExpiresAt?.ToTimestamp(),
            RevokedAt = key.RevokedAt?.ToTimestamp(),
        };
        written.Origins.AddRange(key.Origins);
        written.Scopes.AddRange(Scopes.Select((scope, place) => (scope, place)).Where(row => key.Scopes.HasFlag(row.scope)).Select(row => (Api.Scope)(row.place + 1)));
        return written;
    }
}
