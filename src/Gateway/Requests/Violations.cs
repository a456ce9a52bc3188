using System.Collections.Immutable;
using Decisioning.Engine.Customers;

namespace Decisioning.Gateway.Requests;

/// <summary>Collects everything that is wrong with an event or a request, so that the caller sees it all at once; at most 20.</summary>
internal sealed class Violations
{
    /// <summary>More than anybody mends at once; 500 broken events × 20 × 300 bytes = 3 MB stay below what gRPC clients take (4 MB).</summary>
    public const int Max = 20;

    // A path through eight levels of names as long as they may be has 2,000.
    private const int FieldCharsMax = 160;

    private readonly List<FieldViolation> _found = [];
    private int _more;

    public bool Any => _found.Count > 0;

    /// <summary>What was found; beyond <see cref="Max"/> the last one says how many more there are.</summary>
    public ImmutableArray<FieldViolation> Found => _more == 0
        ? [.. _found]
        : [.. _found, new FieldViolation(_found[^1].Field, $"and {_more} more", "mend these first")];

    public void Add(string field, string description, string cure)
    {
        if (_found.Count < Max - 1)
        {
            _found.Add(new FieldViolation(field.Length > FieldCharsMax ? field[..FieldCharsMax] + "…" : field, description, cure));
        }
        else
        {
            _more++;
        }
    }

    /// <summary>Ends the request if anything was wrong.</summary>
    /// <exception cref="InvalidRequestException">Something was.</exception>
    public void ThrowIfAny()
    {
        if (Any)
        {
            throw new InvalidRequestException(Found);
        }
    }
}
