namespace NBomber.Contracts;

/// <summary>What came of an iteration or a step.</summary>
public interface IResponse
{
    /// <summary>A word for the outcome, by which outcomes are counted; may be empty.</summary>
    string StatusCode { get; }

    /// <summary>Whether it counts as failed.</summary>
    bool IsError { get; }

    /// <summary>Bytes that were transferred.</summary>
    long SizeBytes { get; }

    /// <summary>What there is to say; the first one of a status code is reported with it.</summary>
    string Message { get; }
}

/// <summary>What came of an iteration or a step.</summary>
public sealed class Response<T> : IResponse
{
    internal Response(bool isError, string statusCode, long sizeBytes, string message) =>
        (IsError, StatusCode, SizeBytes, Message) = (isError, statusCode, sizeBytes, message);

    /// <inheritdoc/>
    public string StatusCode { get; }

    /// <inheritdoc/>
    public bool IsError { get; }

    /// <inheritdoc/>
    public long SizeBytes { get; }

    /// <inheritdoc/>
    public string Message { get; }
}
