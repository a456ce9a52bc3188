using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Decisioning.Gateway.Access;

/// <summary>
/// Tokens that were good once, until they expire: they are checked whoever else comes from their address, and checked they are each time. Only holders of good
/// tokens take places in it. When all are taken a token gets that of one which has expired, or where none is found soon, of one that came before it.
/// </summary>
internal sealed class GoodTokens(IOptions<AccessOptions> options, TimeProvider clock)
{
    // So that a token costs the same however many there are; of those that expire at all, one is mostly found among so many.
    private const int LookedAtMax = 32;

    private readonly ConcurrentDictionary<UInt128, DateTime> _ends = [];
    private readonly List<UInt128> _all = [];
    private readonly Lock _gate = new();
    private int _hand;

    /// <summary>Whether a request's token was good once and has not expired.</summary>
    public bool Has(HttpRequest request) => _ends.TryGetValue(HashOf(request), out var end) && !IsOver(end);

    /// <summary>Keeps that a request's token is good.</summary>
    /// <param name="request">The request.</param>
    /// <param name="end">When the token expires, in UTC.</param>
    public void Add(HttpRequest request, DateTime end)
    {
        var hash = HashOf(request);
        if (_ends.ContainsKey(hash))
        {
            return;
        }

        lock (_gate)
        {
            if (!_ends.TryAdd(hash, end))
            {
                return;
            }

            if (_all.Count < options.Value.KeysCachedMax)
            {
                _all.Add(hash);
                return;
            }

            for (var lookedAt = 1; lookedAt < LookedAtMax && !IsOver(_ends[_all[_hand]]); lookedAt++)
            {
                _hand = (_hand + 1) % _all.Count;
            }

            _ends.TryRemove(_all[_hand], out _);
            _all[_hand] = hash;
            _hand = (_hand + 1) % _all.Count;
        }
    }

    private bool IsOver(DateTime end) => end < clock.GetUtcNow().UtcDateTime - TokenScheme.Skew;

    private static UInt128 HashOf(HttpRequest request)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString()), hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }
}
