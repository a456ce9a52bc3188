namespace Decisioning.Gateway.Requests;

/// <summary>Where a value stands in a request. Spelt out only when there is something to say of it: most values are fine.</summary>
/// <param name="Parent">The path of what it stands in; empty for the request itself.</param>
/// <param name="Name">Its name there; null for an item of a list.</param>
/// <param name="Index">Its place in the list, from 0.</param>
internal readonly record struct Place(string Parent, string? Name, int Index = 0)
{
    public override string ToString() => Name is null ? $"{Parent}[{Index}]" : Parent.Length == 0 ? Name : $"{Parent}.{Name}";
}
