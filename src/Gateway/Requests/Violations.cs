using System.Collections.Immutable;
using Decisioning.Engine.Customers;

namespace Decisioning.Gateway.Requests;

/// <summary>
/// Collects everything that is wrong with a request, or with one item of a list of it, so that the caller sees it all at once; at
/// most 20. Most have nothing wrong: where an item stands is spelt out only for what is found.
/// </summary>
/// <param name="list">The list the item is of; null for a request.</param>
/// <param name="at">The item's place in it, from 0.</param>
internal sealed class Violations(string? list = null, int at = 0)
{
    /// <summary>More than anybody mends at once; 500 broken events × 20 × 300 bytes = 3 MB stay below what gRPC clients take (4 MB).</summary>
    public const int Max = 20;

    // A path through eight levels of names as long as they may be has 2,000.
    private const int FieldCharsMax = 160;

    private List<FieldViolation>? _found;
    private int _more;

    public bool Any => _found is not null;

    /// <summary>What was found; beyond <see cref="Max"/> the last one says how many more there are.</summary>
    public ImmutableArray<FieldViolation> Found => _more == 0
        ? [.. _found ?? []]
        : [.. _found!, new FieldViolation(_found![^1].Field, $"and {_more} more", "mend these first")];

    public void Add(string field, string description, string cure)
    {
        field = list is null ? field : $"{list}[{at}].{field}";
        _found ??= [];
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
