using System.Globalization;

namespace Decisioning.Benchmarks.Micro;

/// <summary>Results kept in a file, to compare later ones with: a line of <c>name;ns;bytes</c> each.</summary>
public static class StoredRun
{
    private const string Header = "name;ns;bytes";

    // A cache that fills while it is measured, or code the runtime made a little differently.
    private const double ToleratedPart = 0.02;
    private const double ToleratedBytes = 8;

    /// <summary>The bytes of one operation that are no regression.</summary>
    public static double Allowed(double bytes) => (bytes * (1 + ToleratedPart)) + ToleratedBytes;

    /// <summary>Writes results.</summary>
    public static void Write(string file, IEnumerable<MicroResult> results) => File.WriteAllLines(
        file, results.Select(result => string.Create(CultureInfo.InvariantCulture, $"{result.Name};{result.Nanoseconds:F1};{result.Bytes:F1}")).Prepend(Header));

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is not such a file.</exception>
    public static IReadOnlyList<MicroResult> Read(string file)
    {
        var lines = File.ReadAllLines(file);
        return lines is [Header, .. var rest] ? [.. rest.Select(line => Parse(file, line))] : throw new InvalidDataException($"`{file}` is no stored run: make one with `bench --save {file}`");
    }

    /// <summary>The table of one run against another.</summary>
    /// <returns>The lines, and whether something allocates more than it did.</returns>
    public static (IReadOnlyList<string> Lines, bool IsWorse) Compare(IReadOnlyList<MicroResult> known, IReadOnlyList<MicroResult> results)
    {
        var before = known.ToDictionary(result => result.Name, StringComparer.Ordinal);
        List<string> lines = ["| operation | ns then | ns now | | B then | B now | |", "|---|---:|---:|---:|---:|---:|---|"];
        var isWorse = false;
        foreach (var now in results)
        {
            if (!before.Remove(now.Name, out var then))
            {
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"| {now.Name} | | {now.Nanoseconds:N1} | | | {now.Bytes:N0} | new |"));
                continue;
            }

            var (grew, shrank) = (now.Bytes > Allowed(then.Bytes), then.Bytes > Allowed(now.Bytes));
            isWorse |= grew;
            lines.Add(string.Create(CultureInfo.InvariantCulture,
                $"| {now.Name} | {then.Nanoseconds:N1} | {now.Nanoseconds:N1} | {now.Nanoseconds / then.Nanoseconds:N2} × | {then.Bytes:N0} | {now.Bytes:N0} | {(grew ? "**allocates more**" : shrank ? "allocates less" : "")} |"));
        }

        lines.AddRange(before.Values.Select(gone => $"| {gone.Name} | | | | | | gone |"));
        return (lines, isWorse);
    }

    private static MicroResult Parse(string file, string line) =>
        line.Split(';') is [var name, var nanoseconds, var bytes]
        && double.TryParse(nanoseconds, CultureInfo.InvariantCulture, out var time) && double.TryParse(bytes, CultureInfo.InvariantCulture, out var size)
            ? new(name, time, size)
            : throw new InvalidDataException($"`{file}` has a line that is no result: `{line}`; make it anew with `bench --save {file}`");
}
