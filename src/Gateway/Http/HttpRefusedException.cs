using System.Collections.Immutable;
using Decisioning.Engine.Customers;

namespace Decisioning.Gateway.Http;

/// <summary>A request that HTTP itself refuses: what comes is no text of the protocol, or too much of it.</summary>
/// <param name="status">The status of HTTP.</param>
/// <param name="reason">The code for programs, upper case with underscores.</param>
/// <param name="detail">A sentence with the cure.</param>
/// <param name="errors">The fields it is about; empty for the request as a whole.</param>
internal sealed class HttpRefusedException(int status, string reason, string detail, ImmutableArray<FieldViolation> errors = default) : Exception(detail)
{
    public int Status { get; } = status;

    public string Reason { get; } = reason;

    public ImmutableArray<FieldViolation> Errors { get; } = errors.IsDefault ? [] : errors;
}
