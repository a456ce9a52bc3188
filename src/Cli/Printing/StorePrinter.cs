using System.Globalization;
using Decisioning.Storage.Maintenance;

namespace Decisioning.Cli.Printing;

/// <summary>Prints what a store holds: a line each, a name and a number.</summary>
internal static class StorePrinter
{
    public static void Print(StoreStatus status)
    {
        Line("store", status.Kind.ToString().ToLowerInvariant());
        Line("place", status.Place);
        Line("schema", status.IsNewer ? $"{status.Schema}, made by a newer program than this one" : $"{status.Schema}");
        Line("pending", status.Pending.IsEmpty ? "none" : string.Join(", ", status.Pending));
        foreach (var (name, count) in status.Counts)
        {
            Line(name, count.ToString("N0", CultureInfo.InvariantCulture));
        }

        Line("bytes", status.Bytes.ToString("N0", CultureInfo.InvariantCulture));
    }

    private static void Line(string name, string value) => Console.WriteLine($"{name,-12}{Visible.Text(value)}");
}
