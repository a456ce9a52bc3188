using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Decisioning.Gateway.Access;

/// <summary>
/// Tokens that were good once: they are checked whoever else comes from their address, and checked they are each time. When full all are
/// forgotten, and only holders of good tokens fill it.
/// </summary>
internal sealed class GoodTokens(IOptions<AccessOptions> options)
{
    private readonly ConcurrentDictionary<UInt128, byte> _hashes = [];

    public bool Has(HttpRequest request) => _hashes.ContainsKey(HashOf(request));

    public void Add(HttpRequest request)
    {
        var hash = HashOf(request);
        if (_hashes.ContainsKey(hash))
        {
            return;
        }

        if (_hashes.Count >= options.Value.KeysCachedMax)
        {
            _hashes.Clear();
        }

        _hashes.TryAdd(hash, 0);
    }

    private static UInt128 HashOf(HttpRequest request)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString()), hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }
}
