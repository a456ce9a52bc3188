using System.Collections.Immutable;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;

namespace Decisioning.Engine.Expressions.Analysis;

/// <summary>A test of one term. Where the term itself cannot be evaluated, the test is an error.</summary>
/// <param name="Term">What is tested.</param>
/// <param name="At">Where the test stands in the text.</param>
internal abstract record Leaf(Term Term, Span At) : Predicate(At)
{
    public sealed override IEnumerable<Leaf> Leaves => [this];

    /// <summary>The age of an instant that it tests, whichever way it is written: `now - x > duration("2d")`, `x &lt; now - duration("2d")`; null for none.</summary>
    public virtual AgeTest? Age => null;

    /// <summary>What the test comes to on a value of the term; a null is a value too.</summary>
    public abstract Truth Test(Dyn value);

    public sealed override Truth Evaluate<TState>(TState state, Func<TState, Leaf, Truth> ask) => ask(state, this);

    private protected sealed override Predicate Normal(bool isNegated) => isNegated ? new Not(this, At) : this;

    /// <summary>A comparison with a constant. An order with null, or with a value of another kind, is an error; equality never is.</summary>
    /// <param name="Term">The left side.</param>
    /// <param name="Operator">One of the six comparisons, as if the term stood on the left.</param>
    /// <param name="Constant">The right side, never null; of an enumeration its rank.</param>
    /// <param name="At">Where.</param>
    internal sealed record Compare(Term Term, Operator Operator, Dyn Constant, Span At) : Leaf(Term, At)
    {
        public override string Key => $"{Term.Key} {Operator.Symbol()} {DynText.Literal(Constant)}";

        public override AgeTest? Age => Constant.Kind != DynKind.Duration ? null
            : Term.AgeOf is { } since ? new(since, Operator, Constant.Duration)
            : Term.AheadOf is { } ahead ? new(ahead, Operator.Mirrored(), Constant.Duration.Negate())
            : null;

        public override Truth Test(Dyn value)
        {
            if (Operator is Operator.Equal or Operator.NotEqual)
            {
                return Truths.Of(DynEquality.Equal(value, Constant) == (Operator == Operator.Equal));
            }

            return DynEquality.Compare(value, Constant, out var order) != Fault.None ? Truth.Error : Truths.Of(Operator switch
            {
                Operator.Less => order < 0,
                Operator.LessOrEqual => order <= 0,
                Operator.Greater => order == 1,
                _ => order is 0 or 1,
            });
        }
    }

    /// <summary>Whether a term equals one of some constants. Never an error by itself.</summary>
    /// <param name="Term">The term.</param>
    /// <param name="Constants">The constants, none null; of an enumeration the ranks.</param>
    /// <param name="At">Where.</param>
    internal sealed record Among(Term Term, ImmutableArray<Dyn> Constants, Span At) : Leaf(Term, At)
    {
        public override string Key => $"{Term.Key} in [{string.Join(", ", Constants.Select(DynText.Literal))}]";

        public override Truth Test(Dyn value)
        {
            foreach (var constant in Constants)
            {
                if (DynEquality.Equal(value, constant))
                {
                    return Truth.True;
                }
            }

            return Truth.False;
        }
    }

    /// <summary>A bool alone; null or another kind is an error.</summary>
    /// <param name="Term">The bool.</param>
    /// <param name="At">Where.</param>
    internal sealed record Holds(Term Term, Span At) : Leaf(Term, At)
    {
        public override string Key => Term.Key;

        public override Truth Test(Dyn value) => value.Kind == DynKind.Bool ? Truths.Of(value.Bool) : Truth.Error;
    }

    /// <summary>Whether a term is null: `x == null`, `!has(x)`. The opposite is a <see cref="Predicate.Not"/> around it.</summary>
    /// <param name="Term">The term.</param>
    /// <param name="At">Where.</param>
    internal sealed record IsNull(Term Term, Span At) : Leaf(Term, At)
    {
        public override string Key => $"{Term.Key} == null";

        public override Truth Test(Dyn value) => Truths.Of(value.Kind == DynKind.Null);
    }

    /// <summary>A condition that is none of the others, such as `a > b` of two readings or `x.contains("y")`: evaluated as a whole.</summary>
    /// <param name="Term">The condition itself, a bool.</param>
    /// <param name="At">Where.</param>
    internal sealed record Opaque(Term Term, Span At) : Leaf(Term, At)
    {
        public override string Key => Term.Key;

        public override AgeTest? Age => Term.AsAgeTest;

        public override Truth Test(Dyn value) => value.Kind == DynKind.Bool ? Truths.Of(value.Bool) : Truth.Error;
    }
}

/// <summary>A comparison of how long ago an instant is with a constant duration; below zero, of how far ahead it is.</summary>
/// <param name="Since">The reading that gives the instant, as a dotted name.</param>
/// <param name="Operator">The comparison, as if the age stood on the left.</param>
/// <param name="Span">The duration.</param>
internal sealed record AgeTest(string Since, Operator Operator, TimeSpan Span);
