using System.Collections.Immutable;
using Decisioning.Engine.Customers;

namespace Decisioning.Gateway.Requests;

/// <summary>A request that cannot be accepted as a whole; becomes INVALID_ARGUMENT with every field.</summary>
internal sealed class InvalidRequestException(ImmutableArray<FieldViolation> violations)
    : Exception(string.Join("; ", violations.Select(v => $"{v.Field}: {v.Description}; {v.Cure}")))
{
    public ImmutableArray<FieldViolation> Violations { get; } = violations;
}
