namespace Decisioning.Gateway.Http.Ofrep;

/// <summary>An evaluation that cannot be made, by the error codes of OpenFeature.</summary>
/// <param name="status">The status of HTTP, 400 or 404.</param>
/// <param name="code">The error code.</param>
/// <param name="detail">A sentence with the cure.</param>
internal sealed class OfrepRefusedException(int status, string code, string detail) : Exception(detail)
{
    public int Status { get; } = status;

    public string Code { get; } = code;
}
