using StackExchange.Redis;

namespace Decisioning.LoadTests.Stateless;

/// <summary>The keys in Redis.</summary>
internal static class ServiceKeys
{
    /// <summary>How long Redis keeps a customer nobody hears of: a day longer than a counter counts.</summary>
    public static TimeSpan Kept { get; } = TimeSpan.FromDays(8);

    /// <summary>The profile, as JSON.</summary>
    public static RedisKey Profile(string customer) => "p:" + customer;

    /// <summary>What was offered, a hash.</summary>
    public static RedisKey Contacts(string customer) => "c:" + customer;
}
