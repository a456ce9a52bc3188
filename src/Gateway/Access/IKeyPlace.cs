using Microsoft.AspNetCore.Http;

namespace Decisioning.Gateway.Access;

/// <summary>
/// A place beside the headers where callers of an endpoint may put their key, because the protocol it speaks puts it there: metadata
/// of the endpoint. A key found there is judged as one in a header is; where a header brings one, nothing else is looked at.
/// </summary>
internal interface IKeyPlace
{
    /// <summary>The key of a request; null when there is none, empty when what is there cannot be one.</summary>
    ValueTask<string?> FindAsync(HttpContext context);
}
