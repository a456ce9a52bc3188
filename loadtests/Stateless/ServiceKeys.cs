namespace Decisioning.LoadTests.Stateless;

/// <summary>The keys in Redis.</summary>
internal static class ServiceKeys
{
    /// <summary>How long Redis keeps a customer nobody hears of: a day longer than a counter counts.</summary>
    public const string KeptSeconds = "691200";

    /// <summary>The profile, as JSON.</summary>
    public static string Profile(string customer) => "p:" + customer;

    /// <summary>What was offered, a hash.</summary>
    public static string Contacts(string customer) => "c:" + customer;
}
