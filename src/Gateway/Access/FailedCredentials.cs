using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Decisioning.Gateway.Access;

/// <summary>
/// How many credentials that are not valid an address may bring: to look one up costs a read of the store, or the check of a signature, and
/// nobody who has a credential needs to try many.
/// </summary>
/// <remarks>
/// A fixed table: whoever comes from many addresses takes up no more room. Addresses that share a row share its budget; which do, differs from
/// one start to the next. Of each row the instant is kept when its budget is whole again.
/// </remarks>
internal sealed class FailedCredentials : IDisposable
{
    private const int Rows = 4096;

    // One home or one machine has a whole network of this many bytes in IPv6.
    private const int NetworkBytes = 8;

    // What goes on is said now and then: whoever tries credentials out for hours must not fill the log.
    private static readonly TimeSpan WarnEvery = TimeSpan.FromMinutes(5);

    private readonly long[] _wholeAt = new long[Rows];
    private readonly TimeProvider _clock;
    private readonly long _started;
    private readonly IPNetwork[] _proxies;
    private readonly long _each;
    private readonly long _most;
    private readonly ILogger _logger;
    private readonly Meter _meter;
    private readonly Counter<long> _failed;

    // When the budget that was exceeded last is whole again; 0 while none was.
    private long _exceededUntil;
    private long _warnAt;

    public FailedCredentials(IOptions<AccessOptions> options, TimeProvider clock, IMeterFactory meters, ILogger<FailedCredentials> logger)
    {
        var access = options.Value;
        (_clock, _started, _logger) = (clock, clock.GetTimestamp(), logger);
        _proxies = [.. access.Networks()];
        _each = access.FailuresPerAddressPerSecond == 0 ? 0 : TimeSpan.TicksPerSecond / access.FailuresPerAddressPerSecond;
        _most = _each * access.FailuresPerAddressBurst;
        _meter = meters.Create("Decisioning.Gateway");
        _failed = _meter.CreateCounter<long>("decisioning.gateway.credentials.failed", unit: "{call}", description: "Calls whose credential was not valid or not looked at, by reason");
    }

    /// <summary>How long an address has to wait before a credential that is not known to be good is looked at; null for not at all.</summary>
    public TimeSpan? Refuses(HttpContext context)
    {
        if (_each == 0)
        {
            return null;
        }

        var wholeAt = Volatile.Read(ref _wholeAt[Row(context)]);
        var wait = Wait(wholeAt, Now());
        if (wait is not null)
        {
            Volatile.Write(ref _exceededUntil, wholeAt);
        }

        return wait;
    }

    /// <summary>
    /// Says, once in a while, that credentials which are good come from an address that brought too many which are not: several callers are behind it, and all of them pay for it.
    /// Costs next to nothing while no budget is exceeded.
    /// </summary>
    public void SawGood(HttpContext context)
    {
        if (Volatile.Read(ref _exceededUntil) is var until && until != 0 && Now() is var now && now < until
            && Volatile.Read(ref _wholeAt[Row(context)]) - now > _most / 2
            && Volatile.Read(ref _warnAt) is var warnAt && now >= warnAt
            && Interlocked.CompareExchange(ref _warnAt, now + WarnEvery.Ticks, warnAt) == warnAt)
        {
            Log.AddressIsShared(_logger);
        }
    }

    /// <summary>Counts a credential that was refused and that its sender may be trying out, and refuses it more shortly where its address brought too many.</summary>
    public Judgement Count(HttpContext context, Judgement refused)
    {
        if (refused.Reason == Judgement.UnavailableReason)
        {
            return refused;
        }

        return CountOnly(_each == 0 || Take(ref _wholeAt[Row(context)], Now()) is not { } wait ? refused : Judgement.TooOften(wait));
    }

    /// <summary>Counts a credential that was refused and spends nothing of its address's budget: to refuse it cost nothing, or its sender holds it and tries nothing out.</summary>
    public Judgement CountOnly(Judgement refused)
    {
        _failed.Add(1, new KeyValuePair<string, object?>("reason", refused.Reason));
        return refused;
    }

    /// <summary>The refusal of a credential that is not looked at.</summary>
    public Judgement NotLookedAt(TimeSpan wait) => CountOnly(Judgement.TooOften(wait));

    public void Dispose() => _meter.Dispose();

    private long Now() => _clock.GetElapsedTime(_started).Ticks;

    private TimeSpan? Wait(long wholeAt, long now) => wholeAt - now > _most - _each ? TimeSpan.FromTicks(wholeAt - now - _most + _each) : null;

    // What is refused takes nothing: whoever waits as long as told is heard.
    private TimeSpan? Take(ref long row, long now)
    {
        while (true)
        {
            var wholeAt = Volatile.Read(ref row);
            if (Wait(wholeAt, now) is { } wait)
            {
                Volatile.Write(ref _exceededUntil, wholeAt);
                return wait;
            }

            if (Interlocked.CompareExchange(ref row, Math.Max(wholeAt, now) + _each, wholeAt) == wholeAt)
            {
                return null;
            }
        }
    }

    private int Row(HttpContext context) => RowOf(AddressOf(context));

    /// <summary>The row of an address, in this process.</summary>
    internal static int RowOf(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is null || !address.TryWriteBytes(bytes, out var written))
        {
            return 0;
        }

        // Seeded anew by each process, so that nobody can choose with whom to share a row.
        var hash = default(HashCode);
        hash.AddBytes(bytes[..Math.Min(written, NetworkBytes)]);
        return hash.ToHashCode() & (Rows - 1);
    }

    // Of those that came through a proxy of ours, the address that the nearest such proxy saw.
    private IPAddress? AddressOf(HttpContext context)
    {
        var address = Plain(context.Connection.RemoteIpAddress);
        if (_proxies.Length == 0 || address is null || !IsProxy(address))
        {
            return address;
        }

        var forwarded = context.Request.Headers["X-Forwarded-For"].ToString().AsSpan();
        while (!forwarded.IsEmpty)
        {
            var comma = forwarded.LastIndexOf(',');
            // Some proxies say the port too.
            if (!IPEndPoint.TryParse(forwarded[(comma + 1)..].Trim(), out var before))
            {
                break;
            }

            address = Plain(before.Address);
            if (!IsProxy(address!))
            {
                break;
            }

            forwarded = comma < 0 ? [] : forwarded[..comma];
        }

        return address;
    }

    private bool IsProxy(IPAddress address) => Array.Exists(_proxies, network => network.Contains(address));

    private static IPAddress? Plain(IPAddress? address) =>
        address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
