using System.Collections.Concurrent;
using System.Security.Cryptography;
using Decisioning.Contracts;
using Decisioning.Engine.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace Decisioning.Gateway.Access;

/// <summary>Judges keys by what the store says of them, asked once in a few seconds.</summary>
internal sealed class CallerKeys(
    IGrainFactory grains,
    FailedCredentials failed,
    TimeProvider clock,
    IOptions<AccessOptions> options,
    IOptions<GatewayOptions> gateway,
    ILogger<CallerKeys> logger)
{
    private const int HashBytes = 32;

    private readonly ConcurrentDictionary<string, Remembered<Found?>> _known = new(StringComparer.Ordinal);

    // Ids that were never found: whoever tries keys out drives none of the others out.
    private readonly ConcurrentDictionary<string, Remembered<Found?>> _strangers = new(StringComparer.Ordinal);

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
    /// <param name="context">The request that brought it.</param>
    public ValueTask<Judgement> JudgeAsync(string text, HttpContext context)
    {
        Span<byte> hash = stackalloc byte[HashBytes];
        if (!KeyText.TryRead(text, out var id, hash))
        {
            return ValueTask.FromResult(failed.CountOnly(Judgement.Malformed));
        }

        if (!_known.ContainsKey(id) && failed.Refuses(context) is { } wait)
        {
            return ValueTask.FromResult(failed.NotLookedAt(wait));
        }

        var found = Find(id);
        return found.IsCompletedSuccessfully ? ValueTask.FromResult(Judge(found.Result, hash, context)) : JudgeAsync(found, hash.ToArray(), context);
    }

    /// <summary>Makes the next call look a key up again, and whether there is any: this gateway has just changed it.</summary>
    public void Forget(string id)
    {
        _any.Forget();
        _known.TryRemove(id, out _);
        _strangers.TryRemove(id, out _);
    }

    /// <summary>Whether a key that let a caller in still would: it exists, is not revoked and has not expired.</summary>
    public async ValueTask<bool> IsValidAsync(string id) =>
        await Find(id) is { } found && found.Key.RevokedAt is null && !(found.Key.ExpiresAt <= clock.GetUtcNow());

    private async ValueTask<Judgement> JudgeAsync(ValueTask<Found?> found, byte[] hash, HttpContext context)
    {
        try
        {
            return Judge(await found, hash, context);
        }
        catch (Exception e) when (e is StoreUnavailableException or TimeoutException or Orleans.Runtime.OrleansException)
        {
            Log.KeysNotAsked(logger, e.Message);
            return Judgement.Unavailable;
        }
    }

    private Judgement Judge(Found? found, ReadOnlySpan<byte> hash, HttpContext context)
    {
        // Who does not have the secret hears nothing of the key.
        if (found is null || !CryptographicOperations.FixedTimeEquals(found.SecretHash, hash))
        {
            return failed.Count(context, Judgement.Unknown);
        }

        var judgement = Judge(found, context.Request.Headers.Origin);
        if (judgement.Caller is null)
        {
            return failed.CountOnly(judgement);
        }

        failed.SawGood(context);
        return judgement;
    }

    private Judgement Judge(Found found, string? origin)
    {
        var key = found.Key;
        return key.RevokedAt is not null ? new(null, "KEY_REVOKED", $"the key `{key.Id}` was revoked; send another")
            : key.ExpiresAt <= clock.GetUtcNow() ? new(null, "KEY_EXPIRED", $"the key `{key.Id}` has expired; make another with `decide keys create`")
            : !key.Allows(origin) ? new(null, "ORIGIN_NOT_ALLOWED", $"the key `{key.Id}` may not be used from this page; make one with its origin among `origins`")
            : Judgement.Of(found.Caller);
    }

    private ValueTask<Found?> Find(string id)
    {
        if (!_known.TryGetValue(id, out var remembered) && !_strangers.TryGetValue(id, out remembered))
        {
            remembered = Add(_strangers, id, new Remembered<Found?>(() => LookAsync(id), options.Value.KeyCacheFor, clock));
        }

        return remembered.GetAsync();
    }

    private async Task<Found?> LookAsync(string id)
    {
        if (await grains.GetGrain<IKeyGrain>(id).FindAsync() is not { } key)
        {
            return null;
        }

        // No key is ever taken out of the store: who was found once stays known.
        if (_strangers.TryRemove(id, out var remembered))
        {
            Add(_known, id, remembered);
        }

        return new(key, Convert.FromHexString(key.SecretHash), new Caller(key.Tenant, key.Scopes, key.Id, key.Name) { IsPublic = key.IsPublic });
    }

    private Remembered<Found?> Add(ConcurrentDictionary<string, Remembered<Found?>> to, string id, Remembered<Found?> remembered)
    {
        if (to.Count >= options.Value.KeysCachedMax)
        {
            to.Clear();
        }

        return to.GetOrAdd(id, remembered);
    }

    /// <summary>A key with what every call needs of it.</summary>
    private sealed record Found(AccessKey Key, byte[] SecretHash, Caller Caller);
}
