using NBomber.Contracts;

namespace NBomber.CSharp;

/// <summary>Makes responses.</summary>
public static class Response
{
    private static readonly Response<object> Well = new(false, "", 0, "");

    /// <summary>It went well.</summary>
    public static Response<object> Ok() => Well;

    /// <summary>It went well.</summary>
    public static Response<object> Ok(string statusCode = "", long sizeBytes = 0, string message = "") => new(false, statusCode, sizeBytes, message);

    /// <summary>It failed.</summary>
    public static Response<object> Fail(string statusCode = "", string message = "", long sizeBytes = 0) => new(true, statusCode, sizeBytes, message);
}
