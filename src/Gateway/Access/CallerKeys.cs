using System.Collections.Concurrent;
using System.Security.Cryptography;
using Decisioning.Contracts;
using Decisioning.Engine.Access;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace Decisioning.Gateway.Access;

/// <summary>Judges keys by what the store says of them, asked once in a few seconds.</summary>
internal sealed class CallerKeys(
    IGrainFactory grains, TimeProvider clock, IOptions<AccessOptions> options, IOptions<GatewayOptions> gateway, ILogger<CallerKeys> logger)
{
    private const int HashBytes = 32;

    private readonly ConcurrentDictionary<string, Remembered<Found?>> _known = new(StringComparer.Ordinal);

    // A question about the whole store, which the grain of any tenant answers.
    private readonly Remembered<bool> _any = new(() => grains.GetGrain<IKeysGrain>(gateway.Value.Tenant).AnyAsync(), options.Value.KeyCacheFor, clock);

    /// <summary>Whether no key exists. While the store cannot be asked, there may be one.</summary>
    public async ValueTask<bool> NoneAsync()
    {
        try
        {
            return !await _any.GetAsync();
        }
        catch (Exception e) when (e is StoreUnavailableException or TimeoutException or Orleans.Runtime.OrleansException)
        {
            Log.KeysNotAsked(logger, e.Message);
            return false;
        }
    }

    /// <summary>Judges a key.</summary>
    /// <param name="text">What was sent as one, of any length and with any characters.</param>
    /// <param name="origin">The origin of the page that a browser sends it from; null for none.</param>
    public ValueTask<Judgement> JudgeAsync(string text, string? origin)
    {
        Span<byte> hash = stackalloc byte[HashBytes];
        if (!KeyText.TryRead(text, out var id, hash))
        {
            return ValueTask.FromResult(Judgement.Malformed);
        }

        var found = Find(id);
        return found.IsCompletedSuccessfully ? ValueTask.FromResult(Judge(found.Result, hash, origin)) : JudgeAsync(found, hash.ToArray(), origin);
    }

    /// <summary>Makes the next call look a key up again, and whether there is any: this gateway has just changed it.</summary>
    public void Forget(string id)
    {
        _any.Forget();
        _known.TryRemove(id, out _);
    }

    /// <summary>Whether a key that let a caller in still would: it exists, is not revoked and has not expired.</summary>
    public async ValueTask<bool> IsValidAsync(string id) =>
        await Find(id) is { } found && found.Key.RevokedAt is null && !(found.Key.ExpiresAt <= clock.GetUtcNow());

    private async ValueTask<Judgement> JudgeAsync(ValueTask<Found?> found, byte[] hash, string? origin)
    {
        try
        {
            return Judge(await found, hash, origin);
        }
        catch (Exception e) when (e is StoreUnavailableException or TimeoutException or Orleans.Runtime.OrleansException)
        {
            Log.KeysNotAsked(logger, e.Message);
            return Judgement.Unavailable;
        }
    }

    private Judgement Judge(Found? found, ReadOnlySpan<byte> hash, string? origin)
    {
        // Who does not have the secret hears nothing of the key.
        if (found is null || !CryptographicOperations.FixedTimeEquals(found.SecretHash, hash))
        {
            return Judgement.Unknown;
        }

        var key = found.Key;
        return key.RevokedAt is not null ? new(null, "KEY_REVOKED", $"the key `{key.Id}` was revoked; send another")
            : key.ExpiresAt <= clock.GetUtcNow() ? new(null, "KEY_EXPIRED", $"the key `{key.Id}` has expired; make another with `decide keys create`")
            : !key.Allows(origin) ? new(null, "ORIGIN_NOT_ALLOWED", $"the key `{key.Id}` may not be used from this page; make one with its origin among `origins`")
            : Judgement.Of(found.Caller);
    }

    private ValueTask<Found?> Find(string id)
    {
        if (!_known.TryGetValue(id, out var remembered))
        {
            if (_known.Count >= options.Value.KeysCachedMax)
            {
                _known.Clear();
            }

            remembered = _known.GetOrAdd(id, new Remembered<Found?>(() => LookAsync(id), options.Value.KeyCacheFor, clock));
        }

        return remembered.GetAsync();
    }

    private async Task<Found?> LookAsync(string id) =>
        await grains.GetGrain<IKeyGrain>(id).FindAsync() is { } key
            ? new(key, Convert.FromHexString(key.SecretHash), new Caller(key.Tenant, key.Scopes, key.Id, key.Name) { IsPublic = key.IsPublic })
            : null;

    /// <summary>A key with what every call needs of it.</summary>
    private sealed record Found(AccessKey Key, byte[] SecretHash, Caller Caller);
}
