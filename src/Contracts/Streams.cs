namespace Decisioning.Contracts;

/// <summary>The names of the streams on which customers' changes are published.</summary>
public static class Streams
{
    /// <summary>The stream provider.</summary>
    public const string Provider = "changes";

    /// <summary>Namespace of the stream of one customer (key: the customer's key), published while someone watches.</summary>
    public const string Customer = "decisioning.customer-changes";

    /// <summary>Namespace of the streams of all decisions, responses and stage changes of a tenant (key: the tenant), in batches.</summary>
    public const string Results = "decisioning.results";
}
