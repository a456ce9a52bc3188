using System.Collections.Immutable;

namespace Decisioning.Engine.Expressions;

/// <summary>The type of an expression. A closed set; compared by content.</summary>
public abstract record CelType
{
    private CelType()
    {
    }

    /// <summary>True or false; CLR form <see cref="bool"/>.</summary>
    public static CelType Bool { get; } = new Scalar("bool");

    /// <summary>A 64-bit signed integer; CLR form <see cref="long"/>, or <see cref="int"/> where it is read.</summary>
    public static CelType Int { get; } = new Scalar("int");

    /// <summary>A 64-bit unsigned integer; CLR form <see cref="ulong"/>.</summary>
    public static CelType UInt { get; } = new Scalar("uint");

    /// <summary>A floating point number; CLR form <see cref="double"/>.</summary>
    public static CelType Double { get; } = new Scalar("double");

    /// <summary>A text; CLR form <see cref="string"/>, never null.</summary>
    public static CelType String { get; } = new Scalar("string");

    /// <summary>Raw bytes; CLR form <c>ImmutableArray&lt;byte&gt;</c>.</summary>
    public static CelType Bytes { get; } = new Scalar("bytes");

    /// <summary>An instant; CLR form <see cref="DateTimeOffset"/> (its offset is ignored).</summary>
    public static CelType Timestamp { get; } = new Scalar("timestamp");

    /// <summary>A span of time; CLR form <see cref="TimeSpan"/>.</summary>
    public static CelType Duration { get; } = new Scalar("duration");

    /// <summary>The type of <c>null</c> alone.</summary>
    public static CelType Null { get; } = new Scalar("null");

    /// <summary>Known only when it is read; CLR form <see cref="Values.Value"/>. Operators check its kind at run time.</summary>
    public static CelType Dyn { get; } = new Scalar("dyn");

    /// <summary>The type of a type, as <c>type(x)</c> gives it; no variable has it.</summary>
    public static CelType Type { get; } = new Scalar("type");

    /// <summary>A list; CLR form <c>ImmutableArray&lt;Value&gt;</c> or a <see cref="Values.Value"/> of kind list (null reads as the empty list).</summary>
    public static CelType List(CelType element) => new ListOf(element);

    /// <summary>A map; CLR form <see cref="Values.PropertyMap"/> or a <see cref="Values.Value"/> of kind map (null reads as the empty map).</summary>
    public static CelType Map(CelType key, CelType value) => new MapOf(key, value);

    /// <summary>
    /// The type or null (a CEL wrapper): may be compared with null; null in arithmetic or ordering is an evaluation error.
    /// CLR form: <c>T?</c> of the inner type's CLR form.
    /// </summary>
    public static CelType Nullable(CelType inner) => inner is NullableOf || inner == Null || inner == Dyn ? inner : new NullableOf(inner);

    /// <summary>
    /// Texts with an order, lowest first, compared by rank with each other and with text literals.
    /// CLR form <see cref="long"/>: the rank, an index into <paramref name="values"/>. A rank below 0 is below every value, equals none of them
    /// and is the empty text.
    /// </summary>
    public static CelType Enumeration(string name, params IEnumerable<string> values) => new EnumerationOf(name, [.. values]);

    /// <summary>A type without parts.</summary>
    public sealed record Scalar : CelType
    {
        internal Scalar(string name) => Name = name;

        /// <summary>How authors write it.</summary>
        public string Name { get; }

        /// <inheritdoc/>
        public override string ToString() => Name;
    }

    /// <summary>A list of one element type.</summary>
    /// <param name="Element">The type of every element.</param>
    public sealed record ListOf(CelType Element) : CelType
    {
        /// <inheritdoc/>
        public override string ToString() => $"list({Element})";
    }

    /// <summary>A map of one key and one value type.</summary>
    /// <param name="Key">The type of every key: bool, int, uint, string or dyn.</param>
    /// <param name="Value">The type of every value.</param>
    public sealed record MapOf(CelType Key, CelType Value) : CelType
    {
        /// <inheritdoc/>
        public override string ToString() => $"map({Key}, {Value})";
    }

    /// <summary>A type or null.</summary>
    /// <param name="Inner">The type when it is not null; never itself nullable, null or dyn.</param>
    public sealed record NullableOf(CelType Inner) : CelType
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Inner} or null";
    }

    /// <summary>Texts with an order.</summary>
    /// <param name="Name">What the values are, in the singular: `grade`.</param>
    /// <param name="Values">The values, lowest first.</param>
    public sealed record EnumerationOf(string Name, ImmutableArray<string> Values) : CelType
    {
        /// <inheritdoc/>
        public bool Equals(EnumerationOf? other) => other is not null && Name == other.Name && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Name, Values.Length);

        /// <inheritdoc/>
        public override string ToString() => Name;
    }
}
