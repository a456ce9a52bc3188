using System.Collections.Immutable;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Analysis;

namespace Decisioning.Engine.Rules.Indexing;

/// <summary>A predicate whose leaves look up codes of columns: no term is read twice, nothing is allocated.</summary>
internal abstract class FrozenLogic
{
    public static FrozenLogic Of(Predicate predicate, IReadOnlyDictionary<string, TermColumn> columns) => predicate switch
    {
        Predicate.All all => new Both([.. all.Parts.Select(part => Of(part, columns))]),
        Predicate.Any any => new Either([.. any.Parts.Select(part => Of(part, columns))]),
        Predicate.Not not => new Opposite(Of(not.Inner, columns)),
        Predicate.Always always => new Fixed(Truths.Of(always.Holds)),
        Leaf leaf when columns[leaf.Term.Key] is var column => column.TrueOf(leaf) is { } holds ? new Compared(column, leaf, column.Numbers, holds) : new Asked(column, leaf),
        _ => throw new System.Diagnostics.UnreachableException($"a predicate of kind {predicate.GetType().Name} has no logic"),
    };

    public abstract Truth Evaluate(IndexLook look);

    private sealed class Both(ImmutableArray<FrozenLogic> parts) : FrozenLogic
    {
        public override Truth Evaluate(IndexLook look)
        {
            var result = Truth.True;
            foreach (var part in parts)
            {
                result = Truths.And(result, part.Evaluate(look));
                if (result == Truth.False)
                {
                    break;
                }
            }

            return result;
        }
    }

    private sealed class Either(ImmutableArray<FrozenLogic> parts) : FrozenLogic
    {
        public override Truth Evaluate(IndexLook look)
        {
            var result = Truth.False;
            foreach (var part in parts)
            {
                result = Truths.Or(result, part.Evaluate(look));
                if (result == Truth.True)
                {
                    break;
                }
            }

            return result;
        }
    }

    private sealed class Opposite(FrozenLogic inner) : FrozenLogic
    {
        public override Truth Evaluate(IndexLook look) => Truths.Not(inner.Evaluate(look));
    }

    private sealed class Fixed(Truth truth) : FrozenLogic
    {
        public override Truth Evaluate(IndexLook look) => truth;
    }

    private sealed class Asked(TermColumn column, Leaf leaf) : FrozenLogic
    {
        public override Truth Evaluate(IndexLook look) => column.Test(leaf, look.CodeOf(column));
    }

    /// <summary>A comparison with a number: on numbers it is true in one range of codes.</summary>
    private sealed class Compared(TermColumn column, Leaf leaf, Range numbers, Range holds) : FrozenLogic
    {
        private readonly int _first = numbers.Start.Value;
        private readonly int _end = numbers.End.Value;
        private readonly int _from = holds.Start.Value;
        private readonly int _to = holds.End.Value;

        public override Truth Evaluate(IndexLook look)
        {
            var code = look.CodeOf(column);
            return code < _first || code >= _end ? column.Test(leaf, code) : code >= _from && code < _to ? Truth.True : Truth.False;
        }
    }
}
