using System.Net;
using Decisioning.Engine.Access;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Decisioning.Gateway.Access;

/// <summary>
/// Lets calls without a credential in while nothing can be reached from outside and nobody has made a key: an engine that was just
/// started is tried out without further ado.
/// </summary>
internal sealed class OpenAccess(IServer server, CallerKeys keys, IOptions<AccessOptions> access, IOptions<GatewayOptions> gateway)
{
    private bool? _isLoopback;
    private string? _host;

    /// <summary>The caller that such calls come from.</summary>
    public Caller Local { get; } = new(gateway.Value.Tenant, AccessScopes.All, Caller.LocalId, "anybody on this machine");

    /// <summary>Whether such calls are let in now.</summary>
    public ValueTask<bool> IsOpenAsync() =>
        access.Value.Mode == AccessMode.Auto && (_isLoopback ??= IsLoopback(server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])) ? keys.NoneAsync() : ValueTask.FromResult(false);

    /// <summary>
    /// Why a request is not from this machine though it comes over loopback; null when it is. A proxy in front brings the whole world in,
    /// and a browser brings any page that it shows.
    /// </summary>
    public string? Foreign(HttpRequest request)
    {
        if (request.Headers.ContainsKey("Forwarded") || request.Headers.ContainsKey("X-Forwarded-For"))
        {
            return "the call came through a proxy";
        }

        if (request.Headers.Origin is [{ } origin] && !(Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.IsLoopback))
        {
            return "the call came from a page of another machine";
        }

        // Callers name the same host again and again.
        var host = request.Host;
        if (host.Value != Volatile.Read(ref _host))
        {
            if (!IsLoopback(host.Host))
            {
                return "the call names another machine as its host";
            }

            Volatile.Write(ref _host, host.Value);
        }

        return null;
    }

    /// <summary>Whether only this machine reaches any of the addresses. A socket of the file system has the host `unix`; its rights are those of its file.</summary>
    public static bool IsLoopback(IEnumerable<string> addresses) => addresses.All(address =>
        address.StartsWith("http://unix:", StringComparison.Ordinal)
        || (BindingAddress.Parse(address) is { } parsed && IsLoopback(parsed.Host)));

    private static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
