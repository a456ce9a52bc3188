using System.Collections.Immutable;
using System.Globalization;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Values;
using NodaTime;

namespace Decisioning.Engine.Testing;

/// <summary>What a value must be. A closed set.</summary>
/// <param name="Written">As the author wrote it, for reports.</param>
internal abstract record Match(string Written)
{
    /// <summary>Whether a value is as expected.</summary>
    public abstract bool Accepts(Value actual);

    /// <summary>
    /// One value. A number is compared at as many decimals as were written, so that <c>37.3</c> accepts a score that faded to 37.2814.
    /// </summary>
    /// <param name="Text">What was written.</param>
    /// <param name="IsQuoted">Whether it is a text whatever it looks like.</param>
    /// <param name="Instant">What it is as an instant; null when it is none.</param>
    /// <param name="Span">What it is as a duration; null when it is none.</param>
    public sealed record Same(string Text, bool IsQuoted, DateTimeOffset? Instant, TimeSpan? Span) : Match(Text)
    {
        public override bool Accepts(Value actual) => actual.Kind switch
        {
            ValueKind.String => actual.AsString() == Text,
            _ when IsQuoted => false,
            ValueKind.Null => Text is "null" or "none",
            ValueKind.Bool => Text == (actual.AsBool() ? "true" : "false"),
            ValueKind.Timestamp => actual.AsTimestamp() == Instant,
            ValueKind.Duration => actual.AsDuration() == Span,
            _ when actual.TryNumber(out var number) => IsNumber(number),
            _ => actual.ToString() == Text,
        };

        private bool IsNumber(double actual)
        {
            if (!double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var expected))
            {
                return false;
            }

            var decimals = Text.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? Text.Length - dot - 1 : 0;
            return actual == expected || Math.Abs(actual - expected) <= 0.5 * Math.Pow(10, -decimals);
        }
    }

    /// <summary>A number between two others, both included: <c>40..60</c>, <c>40..</c>, <c>..60</c>.</summary>
    /// <param name="Written">As written.</param>
    /// <param name="Min">The least; negative infinity for none.</param>
    /// <param name="Max">The greatest; positive infinity for none.</param>
    public sealed record Range(string Written, double Min, double Max) : Match(Written)
    {
        public override bool Accepts(Value actual) => actual.TryNumber(out var number) && number >= Min && number <= Max;
    }

    /// <summary>Exactly these names.</summary>
    /// <param name="Expected">The names.</param>
    /// <param name="IsOrdered">Whether their order counts.</param>
    public sealed record Names(ImmutableArray<string> Expected, bool IsOrdered) : Match(Print(Expected))
    {
        public override bool Accepts(Value actual)
        {
            var names = Of(actual);
            return IsOrdered
                ? names.SequenceEqual(Expected, StringComparer.Ordinal)
                : names.Order(StringComparer.Ordinal).SequenceEqual(Expected.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        }

        /// <summary>What the other side has too few or too many of, in words; empty when only the order differs.</summary>
        public string Difference(Value actual)
        {
            var names = Of(actual).ToList();
            var (missing, more) = (Expected.Except(names).ToList(), names.Except(Expected).ToList());
            return string.Join("; ", new[] { ("missing", missing), ("not expected", more) }
                .Where(part => part.Item2.Count > 0)
                .Select(part => $"{part.Item1}: {string.Join(", ", part.Item2)}"));
        }

        public static string Print(IEnumerable<string> names) => names.Any() ? string.Join(", ", names) : "(none)";

        private static IEnumerable<string> Of(Value actual) => actual.AsList().Select(name => name.AsString());
    }

    /// <summary>Whether something is there, whatever it is.</summary>
    public sealed record Present(bool IsExpected) : Match(IsExpected ? "true" : "false")
    {
        public override bool Accepts(Value actual) => IsExpected != (actual.IsNull || (actual.Kind == ValueKind.Bool && !actual.AsBool()));
    }

    /// <summary>
    /// What dropped an action: a funnel stage or the path of a rule. The value is a list of both, a text for an action that was
    /// offered after all, and null for one that was no candidate.
    /// </summary>
    /// <param name="Text">The stage or path; empty for any.</param>
    public sealed record Dropped(string Text) : Match(Text.Length == 0 ? "not offered" : Text)
    {
        public override bool Accepts(Value actual) => actual.Kind == ValueKind.List
            ? Text.Length == 0 || actual.AsList().Any(part => part.AsString() == Text)
            : actual.IsNull && Text.Length == 0;
    }

    /// <summary>What a value is, for reports; instants in local time.</summary>
    public static string Print(Value value, DateTimeZone zone) => value.Kind switch
    {
        ValueKind.Null => "(none)",
        ValueKind.List => Names.Print(value.AsList().Select(item => Print(item, zone))),
        ValueKind.Timestamp => TestTime.Print(value.AsTimestamp(), zone),
        ValueKind.Duration => Literals.Print(value.AsDuration()),
        ValueKind.Double => Math.Round(value.AsDouble(), 6).ToString(CultureInfo.InvariantCulture),
        ValueKind.String => value.AsString(),
        _ => value.ToString(),
    };
}
