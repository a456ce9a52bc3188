using System.Collections.Immutable;

namespace Decisioning.Engine.Strategies.Checking;

/// <summary>Short forms of <see cref="ValueShape"/>, for the tables of keys.</summary>
internal static class Take
{
    public static ValueShape Anything { get; } = new ValueShape.Anything();

    public static ValueShape Text { get; } = new ValueShape.Text();

    /// <summary>A name that only the strategy itself and answers use, such as an action's.</summary>
    public static ValueShape Id { get; } = new ValueShape.Name(NameRule.Id);

    /// <summary>A name that conditions write after a dot, such as a stage's.</summary>
    public static ValueShape Identifier { get; } = new ValueShape.Name(NameRule.Identifier);

    public static ValueShape Event { get; } = new ValueShape.Name(NameRule.Event);

    public static ValueShape Events { get; } = new ValueShape.Events();

    public static ValueShape Flag { get; } = new ValueShape.Flag();

    public static ValueShape Factor { get; } = new ValueShape.Factor();

    public static ValueShape Instant { get; } = new ValueShape.Instant();

    public static ValueShape Condition { get; } = new ValueShape.Condition();

    public static ValueShape Expression(string of) => new ValueShape.Expression(of);

    /// <summary>A number; null for no bound.</summary>
    public static ValueShape Number(double? min = null, double? max = null) => new ValueShape.Number(min, max, IsWhole: false);

    public static ValueShape Whole(int min, int max) => new ValueShape.Number(min, max, IsWhole: true);

    /// <summary>A duration of at least so many minutes and at most so many days.</summary>
    public static ValueShape Duration(int minutes, int days = Limits.DurationDaysMax) => new ValueShape.Duration(TimeSpan.FromMinutes(minutes), TimeSpan.FromDays(days));

    public static ValueShape OneOf(IEnumerable<string> words) => new ValueShape.OneOf([.. words]);

    public static ValueShape Form(string pattern) => new ValueShape.Form(pattern);

    public static ValueShape ListOf(ValueShape item, int max) => new ValueShape.ListOf(item, max);

    public static ValueShape MapOf(NameRule rule, ValueShape value, int max) => new ValueShape.MapOf(rule, value, max);

    /// <summary>A mapping whose keys the author chooses, but for some with a meaning of their own.</summary>
    public static ValueShape MapOf(NameRule rule, ValueShape value, int max, KeyTable own) => new ValueShape.MapOf(rule, value, max) { Own = own };

    public static ValueShape Keys(KeyTable table) => new ValueShape.Keys(table);

    public static ValueShape AnyOf(params ReadOnlySpan<ValueShape> shapes) => new ValueShape.AnyOf(ImmutableArray.Create(shapes));
}
