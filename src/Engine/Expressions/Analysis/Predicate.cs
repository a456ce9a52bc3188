using System.Collections.Immutable;
using Decisioning.Engine.Expressions.Syntax;

namespace Decisioning.Engine.Expressions.Analysis;

/// <summary>
/// A condition as logic over leaves, exactly as it evaluates: three values, an error of one part absorbed where another part
/// decides. A closed set: <see cref="All"/>, <see cref="Any"/>, <see cref="Not"/>, <see cref="Always"/> and the leaves.
/// </summary>
/// <param name="At">Where it stands in the text.</param>
internal abstract record Predicate(Span At)
{
    /// <summary>The same text for the same condition: to find equal ones.</summary>
    public abstract string Key { get; }

    /// <summary>Its leaves, from left to right.</summary>
    public virtual IEnumerable<Leaf> Leaves => [];

    /// <summary>What it comes to when its leaves come to this.</summary>
    public abstract Truth Evaluate<TState>(TState state, Func<TState, Leaf, Truth> ask);

    /// <summary>The same with negations only right around leaves. Exact: an error stays one.</summary>
    public Predicate ToNegationNormal() => Normal(false);

    /// <summary>The conjuncts, when it is one; else itself.</summary>
    public ImmutableArray<Predicate> Conjuncts => this is All all ? all.Parts : [this];

    /// <inheritdoc/>
    public sealed override string ToString() => Key;

    private protected abstract Predicate Normal(bool isNegated);

    /// <summary>All of some parts: false when one is false, else an error when one is, else true.</summary>
    /// <param name="Parts">At least two, none of them itself an <see cref="All"/>.</param>
    /// <param name="At">Where.</param>
    internal sealed record All(ImmutableArray<Predicate> Parts, Span At) : Predicate(At)
    {
        public override string Key => $"({string.Join(" && ", Parts.Select(part => part.Key))})";

        public override IEnumerable<Leaf> Leaves => Parts.SelectMany(part => part.Leaves);

        public override Truth Evaluate<TState>(TState state, Func<TState, Leaf, Truth> ask)
        {
            var result = Truth.True;
            foreach (var part in Parts)
            {
                result = Truths.And(result, part.Evaluate(state, ask));
                if (result == Truth.False)
                {
                    break;
                }
            }

            return result;
        }

        private protected override Predicate Normal(bool isNegated)
        {
            var parts = Parts.Select(part => part.Normal(isNegated)).ToImmutableArray();
            return isNegated ? AnyOf(parts, At) : AllOf(parts, At);
        }
    }

    /// <summary>Any of some parts: true when one is true, else an error when one is, else false.</summary>
    /// <param name="Parts">At least two, none of them itself an <see cref="Any"/>.</param>
    /// <param name="At">Where.</param>
    internal sealed record Any(ImmutableArray<Predicate> Parts, Span At) : Predicate(At)
    {
        public override string Key => $"({string.Join(" || ", Parts.Select(part => part.Key))})";

        public override IEnumerable<Leaf> Leaves => Parts.SelectMany(part => part.Leaves);

        public override Truth Evaluate<TState>(TState state, Func<TState, Leaf, Truth> ask)
        {
            var result = Truth.False;
            foreach (var part in Parts)
            {
                result = Truths.Or(result, part.Evaluate(state, ask));
                if (result == Truth.True)
                {
                    break;
                }
            }

            return result;
        }

        private protected override Predicate Normal(bool isNegated)
        {
            var parts = Parts.Select(part => part.Normal(isNegated)).ToImmutableArray();
            return isNegated ? AllOf(parts, At) : AnyOf(parts, At);
        }
    }

    /// <summary>The opposite; an error stays one.</summary>
    /// <param name="Inner">What is negated.</param>
    /// <param name="At">Where.</param>
    internal sealed record Not(Predicate Inner, Span At) : Predicate(At)
    {
        public override string Key => $"!{Inner.Key}";

        public override IEnumerable<Leaf> Leaves => Inner.Leaves;

        public override Truth Evaluate<TState>(TState state, Func<TState, Leaf, Truth> ask) => Truths.Not(Inner.Evaluate(state, ask));

        private protected override Predicate Normal(bool isNegated) => Inner.Normal(!isNegated);
    }

    /// <summary>The same for every customer.</summary>
    /// <param name="Holds">Whether it holds.</param>
    /// <param name="At">Where.</param>
    internal sealed record Always(bool Holds, Span At) : Predicate(At)
    {
        public override string Key => Holds ? "true" : "false";

        public override Truth Evaluate<TState>(TState state, Func<TState, Leaf, Truth> ask) => Holds ? Truth.True : Truth.False;

        private protected override Predicate Normal(bool isNegated) => isNegated ? this with { Holds = !Holds } : this;
    }

    /// <summary>All of some parts, flat.</summary>
    public static Predicate AllOf(IEnumerable<Predicate> parts, Span at)
    {
        ImmutableArray<Predicate> flat = [.. parts.SelectMany(part => part is All all ? all.Parts : [part])];
        return flat.Length switch { 0 => new Always(true, at), 1 => flat[0], _ => new All(flat, at) };
    }

    /// <summary>Any of some parts, flat.</summary>
    public static Predicate AnyOf(IEnumerable<Predicate> parts, Span at)
    {
        ImmutableArray<Predicate> flat = [.. parts.SelectMany(part => part is Any any ? any.Parts : [part])];
        return flat.Length switch { 0 => new Always(false, at), 1 => flat[0], _ => new Any(flat, at) };
    }
}
