using System.Globalization;
using Decisioning.Storage;

namespace Decisioning.Grains;

/// <summary>Places in the order of customers as callers send them back: they name nobody, and stay where they are when somebody is erased.</summary>
internal static class Places
{
    /// <summary>A place (<see cref="ListedCustomer.Place"/>) as text.</summary>
    public static string Write(long place) => place.ToString(CultureInfo.InvariantCulture);

    /// <summary>A place from its text; 0, before the first, for any other.</summary>
    public static long Read(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : 0;
}
