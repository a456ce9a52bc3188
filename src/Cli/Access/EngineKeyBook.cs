using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Decisioning.Engine.Access;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Api = Decisioning.V1;

namespace Decisioning.Cli.Access;

/// <summary>The keys of a running engine, of the tenant of the key that the command is let in with.</summary>
internal sealed class EngineKeyBook(GrpcChannel channel) : IKeyBook
{
    private const int PageSize = 1000;

    private static readonly (AccessScope Ours, Api.Scope Theirs)[] Scopes =
    [
        (AccessScope.Track, Api.Scope.Track),
        (AccessScope.Decide, Api.Scope.Decide),
        (AccessScope.Agent, Api.Scope.Agent),
        (AccessScope.Author, Api.Scope.Author),
        (AccessScope.Admin, Api.Scope.Admin),
    ];

    private readonly Api.Keys.KeysClient _keys = new(channel);
    private readonly Api.Audits.AuditsClient _audits = new(channel);

    public async Task<(AccessKey Key, string Text)> CreateAsync(AccessKey wanted, CancellationToken cancellationToken)
    {
        var request = new Api.KeysCreateRequest { Name = wanted.Name, IsPublic = wanted.IsPublic, ExpiresAt = wanted.ExpiresAt?.ToTimestamp() };
        request.Scopes.AddRange(Scopes.Where(row => wanted.Scopes.HasFlag(row.Ours)).Select(row => row.Theirs));
        request.Origins.AddRange(wanted.Origins);
        var response = await _keys.CreateAsync(request, cancellationToken: cancellationToken);
        return (Read(response.Key), response.Text);
    }

    public async IAsyncEnumerable<AccessKey> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new Api.KeysListRequest { PageSize = PageSize };
        do
        {
            var page = await _keys.ListAsync(request, cancellationToken: cancellationToken);
            foreach (var key in page.Keys)
            {
                yield return Read(key);
            }

            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
    }

    public async Task<AccessKey?> RevokeAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return Read((await _keys.RevokeAsync(new() { Id = id }, cancellationToken: cancellationToken)).Key);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    public async Task<(string Tenant, ImmutableArray<AuditEntry> Rows)> AuditAsync(long after, CancellationToken cancellationToken)
    {
        var page = await _audits.ListAsync(new() { PageSize = PageSize, After = after }, cancellationToken: cancellationToken);
        return (page.Tenant, [.. page.Entries.Select(entry => new AuditEntry(
            entry.Number, new(entry.At.ToDateTimeOffset(), entry.Actor, entry.ActorName, entry.Action, entry.Subject, entry.Details), entry.Hash))]);
    }

    private static AccessKey Read(Api.Key key) => new(
        key.Id,
        "",
        key.Name,
        Scopes.Where(row => key.Scopes.Contains(row.Theirs)).Aggregate(AccessScope.None, (scopes, row) => scopes | row.Ours),
        "",
        key.CreatedAt.ToDateTimeOffset(),
        key.CreatedBy)
    {
        IsPublic = key.IsPublic,
        Origins = [.. key.Origins],
        ExpiresAt = key.ExpiresAt?.ToDateTimeOffset(),
        RevokedAt = key.RevokedAt?.ToDateTimeOffset(),
    };
}
