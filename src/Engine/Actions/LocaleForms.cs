using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NodaTime;

namespace Decisioning.Engine.Actions;

/// <summary>
/// How a language writes dates and numbers. A table of our own: the same on every machine, whatever it has installed. A language that is
/// not in it gets dates as <c>2026-11-02</c> and numbers as <c>1234.5</c>.
/// </summary>
internal sealed class LocaleForms
{
    private static readonly LocaleForms Neutral = new("yyyy-MM-dd", '.', "", [], []);

    private static readonly FrozenDictionary<string, LocaleForms> Known = new Dictionary<string, LocaleForms>(StringComparer.OrdinalIgnoreCase)
    {
        ["en"] = new("MMMM d, yyyy", '.', ",",
            ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
            ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]),
        ["de"] = new("d. MMMM yyyy", ',', ".",
            ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"],
            ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]),
        ["fr"] = new("d MMMM yyyy", ',', "\u202f",
            ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
            ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]),
        ["es"] = new("d 'de' MMMM 'de' yyyy", ',', ".",
            ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"],
            ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"]),
        ["it"] = new("d MMMM yyyy", ',', ".",
            ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"],
            ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"]),
        ["pt"] = new("d 'de' MMMM 'de' yyyy", ',', ".",
            ["janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"],
            ["segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"]),
        ["nl"] = new("d MMMM yyyy", ',', ".",
            ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"],
            ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"]),
        ["vi"] = new("d MMMM, yyyy", ',', ".",
            [.. Enumerable.Range(1, 12).Select(month => string.Create(CultureInfo.InvariantCulture, $"tháng {month}"))],
            ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"]),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly string _date;
    private readonly char _point;
    private readonly string _group;
    private readonly ImmutableArray<string> _months;
    private readonly ImmutableArray<string> _weekdays;

    private LocaleForms(string date, char point, string group, ImmutableArray<string> months, ImmutableArray<string> weekdays)
    {
        _date = date;
        _point = point;
        _group = group;
        _months = months;
        _weekdays = weekdays;
    }

    /// <summary>The forms of a locale's language; English for none.</summary>
    public static LocaleForms Of(string? locale) =>
        Known.GetValueOrDefault(locale is null ? "en" : locale.Split('-', '_')[0]) ?? Neutral;

    /// <summary>Whether a pattern of a date has nothing but known letters, and texts between single quotes.</summary>
    public static bool IsPattern(string pattern) => Parts(pattern).All(part => part.IsText || part.Text is "d" or "dd" or "dddd" or "M" or "MM" or "MMMM" or "yy" or "yyyy" or "H" or "HH" or "mm");

    /// <summary>A date, or time, by a pattern; by the language's own for none.</summary>
    public string Date(LocalDateTime at, string? pattern)
    {
        var text = new StringBuilder();
        foreach (var (part, isText) in Parts(string.IsNullOrEmpty(pattern) ? _date : pattern))
        {
            text.Append(isText ? part : part switch
            {
                "d" => Digits(at.Day, 1),
                "dd" => Digits(at.Day, 2),
                "dddd" => _weekdays.IsEmpty ? Digits((int)at.DayOfWeek, 1) : _weekdays[(int)at.DayOfWeek - 1],
                "M" => Digits(at.Month, 1),
                "MM" => Digits(at.Month, 2),
                "MMMM" => _months.IsEmpty ? Digits(at.Month, 2) : _months[at.Month - 1],
                "yy" => Digits(at.YearOfEra % 100, 2),
                "yyyy" => Digits(at.Year, 4),
                "H" => Digits(at.Hour, 1),
                "HH" => Digits(at.Hour, 2),
                _ => Digits(at.Minute, 2),
            });
        }

        return text.ToString();
    }

    /// <summary>A number, rounded half away from zero to so many decimals; with up to six as needed for none.</summary>
    public string Number(double number, int? decimals)
    {
        var form = decimals is { } fixedTo ? $"#,0{(fixedTo == 0 ? "" : ".")}{new string('0', fixedTo)}" : "#,0.######";
        var text = number.ToString(form, CultureInfo.InvariantCulture);
        var written = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            _ = c switch
            {
                '.' => written.Append(_point),
                ',' => written.Append(_group),
                _ => written.Append(c),
            };
        }

        return written.ToString();
    }

    private static string Digits(int number, int least) => number.ToString($"D{least}", CultureInfo.InvariantCulture);

    /// <summary>Runs of the same letter, and the texts between: a letter that stands in single quotes is text.</summary>
    private static IEnumerable<(string Text, bool IsText)> Parts(string pattern)
    {
        for (var at = 0; at < pattern.Length;)
        {
            var c = pattern[at];
            if (c == '\'' && pattern.IndexOf('\'', at + 1) is > 0 and var quote)
            {
                yield return (pattern[(at + 1)..quote], true);
                at = quote + 1;
                continue;
            }

            var end = at + 1;
            while (end < pattern.Length && char.IsAsciiLetter(c) && pattern[end] == c)
            {
                end++;
            }

            yield return (pattern[at..end], !char.IsLetter(c));
            at = end;
        }
    }
}
