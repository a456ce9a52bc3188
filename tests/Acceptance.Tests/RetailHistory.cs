using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using CsvHelper;
using Decisioning.Tests.Shared;
using NodaTime;
using NodaTime.Text;

namespace Decisioning.Acceptance.Tests;

/// <summary>
/// A real order history (UCI Online Retail) and what others computed from it per customer. Not part of the project: read
/// from the folder that <c>DECISIONING_DATA</c> names, as <c>online_retail/order_lines.csv.gz</c> and
/// <c>online_retail/truth_rfm_per_customer.csv.gz</c>.
/// </summary>
internal sealed class RetailHistory
{
    private static readonly DateTimeZone London = DateTimeZoneProviders.Tzdb["Europe/London"];
    private static readonly LocalDateTimePattern Written = LocalDateTimePattern.CreateWithInvariantCulture("yyyy-MM-dd HH:mm:ss");

    private RetailHistory(string folder) => Folder = folder;

    public string Folder { get; }

    public string Orders => Path.Combine(Folder, "order_lines.csv.gz");

    public static string Map => Path.Combine(ForeignClients.RepositoryRoot, "strategies", "retail", "import", "online-retail.map.yaml");

    public static string Strategy => Path.Combine(ForeignClients.RepositoryRoot, "strategies", "retail");

    /// <summary>The history, or a skipped test that says what is missing.</summary>
    public static RetailHistory FindOrSkip()
    {
        var data = Environment.GetEnvironmentVariable("DECISIONING_DATA");
        Assert.SkipWhen(data is null, "the real order history is not part of the project; name its folder in DECISIONING_DATA");
        var history = new RetailHistory(Path.Combine(data!, "online_retail"));
        Assert.SkipUnless(File.Exists(history.Orders), $"DECISIONING_DATA names `{data}`, which has no online_retail/order_lines.csv.gz");
        return history;
    }

    /// <summary>The first rows of the history as a file of its own.</summary>
    public string Part(TemporaryFolder folder, int rows)
    {
        var file = Path.Combine(folder.Path, "part.csv");
        using var all = new StreamReader(new GZipStream(File.OpenRead(Orders), CompressionMode.Decompress));
        using var part = new StreamWriter(file);
        for (var i = 0; i <= rows && all.ReadLine() is { } line; i++)
        {
            part.WriteLine(line);
        }

        return file;
    }

    /// <summary>The strategy with the order of what it offers turned round, as a folder of its own.</summary>
    public static string ChangedStrategy(TemporaryFolder folder)
    {
        var changed = Directory.CreateDirectory(Path.Combine(folder.Path, "changed")).FullName;
        foreach (var file in Directory.EnumerateFiles(Strategy, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(changed, Path.GetRelativePath(Strategy, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            var text = File.ReadAllText(file);
            File.WriteAllText(target, Path.GetFileName(file) == "actions.yaml" ? Regex.Replace(text, @"(?m)^(\s+value: )(\d+)$", "${1}1$2") : text);
        }

        return changed;
    }

    /// <summary>Every difference between an export and the truth, one line each.</summary>
    public IReadOnlyList<string> Differences(string exportFile)
    {
        var exported = Read(File.OpenRead(exportFile)).ToDictionary(row => row["customer"], StringComparer.Ordinal);
        using var truth = new GZipStream(File.OpenRead(Path.Combine(Folder, "truth_rfm_per_customer.csv.gz")), CompressionMode.Decompress);
        var differences = new List<string>();
        foreach (var expected in Read(truth))
        {
            var customer = expected["CustomerID"];
            if (!exported.Remove(customer, out var actual))
            {
                differences.Add($"{customer}: not exported");
                continue;
            }

            Compare(differences, customer, "orders", actual["orders"], expected["orders"]);
            Compare(differences, customer, "units", actual["units"], expected["units"]);
            Compare(differences, customer, "gross", Pennies(actual["gross"]), Pennies(expected["gross_gbp"]));
            Compare(differences, customer, "first_order", InLondon(actual["first_order"]), expected["first_order"]);
            Compare(differences, customer, "last_order", InLondon(actual["last_order"]), expected["last_order"]);
        }

        differences.AddRange(exported.Keys.Select(customer => $"{customer}: exported, but not in the truth"));
        return differences;
    }

    private static IEnumerable<Dictionary<string, string>> Read(Stream content)
    {
        using var csv = CsvReader.Create(content, new CsvReaderOptions { HasHeader = true, Separator = ',' }, leaveOpen: false);
        csv.ReadHeader();
        while (csv.Read())
        {
            yield return csv.Current.ToDictionary().ToDictionary(field => field.Key, field => field.Value ?? string.Empty, StringComparer.Ordinal);
        }
    }

    private static void Compare(List<string> differences, string customer, string what, string actual, string expected)
    {
        if (actual != expected)
        {
            differences.Add($"{customer}: {what} is {actual}, in truth {expected}");
        }
    }

    private static string Pennies(string amount) =>
        Math.Round(decimal.Parse(amount, NumberStyles.Float, CultureInfo.InvariantCulture), 2).ToString("F2", CultureInfo.InvariantCulture);

    private static string InLondon(string instant) =>
        instant.Length == 0 ? string.Empty : Written.Format(InstantPattern.ExtendedIso.Parse(instant).Value.InZone(London).LocalDateTime);
}
