using Decisioning.Engine.Customers;

namespace Decisioning.Gateway.Requests;

/// <summary>Collects everything that is wrong with a request, so that the caller sees it all at once; at most 100.</summary>
internal sealed class Violations
{
    /// <summary>More than anybody reads; a request of 500 broken events must not answer with megabytes.</summary>
    public const int Max = 100;

    private readonly List<FieldViolation> _found = [];

    public IReadOnlyList<FieldViolation> Found => _found;

    public bool Any => _found.Count > 0;

    public void Add(string field, string description, string cure)
    {
        if (_found.Count < Max)
        {
            _found.Add(new FieldViolation(field, description, cure));
        }
    }

    /// <summary>Ends the request if anything was wrong.</summary>
    /// <exception cref="InvalidRequestException">Something was.</exception>
    public void ThrowIfAny()
    {
        if (Any)
        {
            throw new InvalidRequestException([.. _found]);
        }
    }
}
