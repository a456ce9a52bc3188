namespace Decisioning.Gateway.Http.OpenApi;

/// <summary>As metadata of an endpoint: what the document of the HTTP API says of it.</summary>
/// <param name="Group">The group it stands in.</param>
/// <param name="Summary">One sentence.</param>
internal sealed record RouteText(string Group, string Summary)
{
    /// <summary>What is not in the sentence.</summary>
    public string Details { get; init; } = "";

    /// <summary>Types of content that the body may have, with the schema of each; empty for no body.</summary>
    public IReadOnlyList<(string Type, string Schema)> Bodies { get; init; } = [];

    /// <summary>The schema of the answer; null where there is nothing to say of it.</summary>
    public string? Answer { get; init; }

    /// <summary>A body of JSON.</summary>
    public static IReadOnlyList<(string Type, string Schema)> Json(string schema) => [("application/json", schema)];
}
