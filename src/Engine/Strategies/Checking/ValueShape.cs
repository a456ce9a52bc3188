using System.Collections.Immutable;

namespace Decisioning.Engine.Strategies.Checking;

/// <summary>What an author may write in one place. A closed set: readers take bounds from it, and the schema for editors says it.</summary>
internal abstract record ValueShape
{
    private ValueShape()
    {
    }

    /// <summary>Whatever YAML can say: a text, a number, a list, a mapping, nothing.</summary>
    public sealed record Anything : ValueShape;

    /// <summary>Any text; a number or a switch is one too.</summary>
    public sealed record Text : ValueShape;

    /// <summary>A name an author gives or refers to.</summary>
    public sealed record Name(NameRule Rule) : ValueShape;

    /// <summary>A number, bounds included.</summary>
    public sealed record Number(double? Min, double? Max, bool IsWhole) : ValueShape;

    /// <summary>A number above 0, at most 1000: a factor.</summary>
    public sealed record Factor : ValueShape;

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public sealed record Flag : ValueShape;

    /// <summary>A span of time such as <c>1h30m</c>, from <paramref name="Min"/> to <paramref name="Max"/>.</summary>
    public sealed record Duration(TimeSpan Min, TimeSpan Max) : ValueShape;

    /// <summary>A date or time such as <c>2026-12-31T18:00</c>.</summary>
    public sealed record Instant : ValueShape;

    /// <summary>An expression of type bool.</summary>
    public sealed record Condition : ValueShape;

    /// <summary>An expression of some other type, named for the editor.</summary>
    public sealed record Expression(string Of) : ValueShape;

    /// <summary>One of these words.</summary>
    public sealed record OneOf(ImmutableArray<string> Words) : ValueShape;

    /// <summary>An event's name, a list of them, or <c>any</c>.</summary>
    public sealed record Events : ValueShape;

    /// <summary>A text of a form that a regular expression tells.</summary>
    /// <param name="Pattern">ECMA-262, anchored.</param>
    public sealed record Form(string Pattern) : ValueShape;

    /// <summary>A list of the like, at most <paramref name="Max"/>.</summary>
    public sealed record ListOf(ValueShape Item, int Max) : ValueShape;

    /// <summary>A mapping whose keys the author chooses, at most <paramref name="Max"/>.</summary>
    public sealed record MapOf(NameRule Rule, ValueShape Value, int Max) : ValueShape
    {
        /// <summary>Keys with a meaning of their own among those the author chooses; null for none.</summary>
        public KeyTable? Own { get; init; }
    }

    /// <summary>A mapping with fixed keys.</summary>
    public sealed record Keys(KeyTable Table) : ValueShape;

    /// <summary>Any of these.</summary>
    public sealed record AnyOf(ImmutableArray<ValueShape> Shapes) : ValueShape;
}
