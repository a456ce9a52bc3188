using System.Globalization;
using Decisioning.V1;
using Spectre.Console;

namespace Decisioning.Cli.Printing;

/// <summary>Adds up the pages of a replay; tells of the first that differ as they come.</summary>
internal sealed class ReplaySummary(int show)
{
    private readonly Dictionary<(string Placement, string Action), (long Recorded, long Again)> _offers = [];
    private long _customers;
    private long _decisions;
    private long _untold;
    private long _skipped;
    private int _shown;

    /// <summary>Decisions that came out otherwise.</summary>
    public long Differing { get; private set; }

    public void Add(ReplayDecisionsResponse page)
    {
        _customers += page.Customers;
        _decisions += page.Decisions;
        _untold += page.Untold;
        _skipped += page.Skipped;
        Differing += page.Differing;
        foreach (var replay in page.Replays)
        {
            if (_shown++ < show)
            {
                ReplayPrinter.Print(replay);
            }
        }

        foreach (var offer in page.Offers)
        {
            var (recorded, again) = _offers.GetValueOrDefault((offer.Placement, offer.Action));
            _offers[(offer.Placement, offer.Action)] = (recorded + offer.Recorded, again + offer.Again);
        }
    }

    public void Print(bool isOther)
    {
        var changed = _offers.Where(offer => offer.Value.Recorded != offer.Value.Again)
            .OrderByDescending(offer => Math.Abs(offer.Value.Again - offer.Value.Recorded))
            .ThenBy(offer => offer.Key.Placement, StringComparer.Ordinal)
            .ThenBy(offer => offer.Key.Action, StringComparer.Ordinal)
            .ToList();
        if (changed.Count > 0)
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns("placement", "action", "recorded", isOther ? "would be" : "again", "change");
            foreach (var ((placement, action), (recorded, again)) in changed)
            {
                table.AddRow(Safe(placement), Safe(action), Number(recorded), Number(again), (again > recorded ? "+" : "") + Number(again - recorded));
            }

            AnsiConsole.Write(table);
        }

        var share = _decisions == 0 ? 0 : 100.0 * Differing / _decisions;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"customers {_customers}  decisions {_decisions}  {(isOther ? "other offers" : "differing")} {Differing} ({share:0.##} %)"));
        if (_untold > 0)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_untold} more cannot be made again: the log no longer has what they stood on"));
        }

        if (_skipped > 0)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_skipped} more were left out, the oldest of customers with very many"));
        }
    }

    private static string Safe(string text) => Markup.Escape(Visible.Text(text));

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
