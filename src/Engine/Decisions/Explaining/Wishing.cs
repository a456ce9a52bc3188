using System.Collections.Immutable;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Analysis;
using Decisioning.Engine.Expressions.Runtime;

namespace Decisioning.Engine.Decisions.Explaining;

/// <summary>
/// Finds what would make a condition hold: the fewest readings to change, each to the nearest value that will do. Segments and
/// stages are followed to what they are made of, so that the answer is something that can come about.
/// </summary>
/// <param name="facts">What is the case.</param>
internal sealed class Wishing(Facts facts)
{
    // Following segments to segments and stages to stages; deeper ones are given up.
    private const int DepthMax = 8;

    private int _depth;

    /// <summary>What would make a condition hold; empty when it does, null when nothing is known that would.</summary>
    public ImmutableArray<Wish>? For(CompiledExpression<Facts> condition, bool holds = true)
    {
        var predicate = condition.Predicate;
        return Solve((holds ? predicate : new Predicate.Not(predicate, predicate.At)).ToNegationNormal());
    }

    /// <summary>What would make all of several conditions hold; null when one of them cannot be helped.</summary>
    public ImmutableArray<Wish>? ForAll(IEnumerable<CompiledExpression<Facts>> conditions) => Together(conditions.Select(condition => For(condition)));

    /// <summary>Fewer changes first, then smaller ones.</summary>
    public static double Cost(ImmutableArray<Wish> wishes) => (wishes.Length * 1e6) + wishes.Sum(wish => Math.Min(wish.Distance, 1e4));

    private ImmutableArray<Wish>? Solve(Predicate predicate)
    {
        if (predicate.Evaluate(facts, TermTests.Ask) == Truth.True)
        {
            return [];
        }

        switch (predicate)
        {
            case Predicate.All all:
                return SolveAll(all);
            case Predicate.Any any:
                return any.Parts.Select(Solve).OfType<ImmutableArray<Wish>>().OrderBy(Cost).Cast<ImmutableArray<Wish>?>().FirstOrDefault();
            case Predicate.Not { Inner: Leaf leaf }:
                return SolveLeaf(leaf, false);
            case Leaf leaf:
                return SolveLeaf(leaf, true);
            default:
                return null;
        }
    }

    private ImmutableArray<Wish>? SolveAll(Predicate.All all)
    {
        var (solved, named) = (new List<ImmutableArray<Wish>?>(), new List<string>());
        foreach (var part in all.Parts)
        {
            if (part is not Predicate.Not { Inner: Leaf.IsNull } && Solve(part) is { } wishes)
            {
                solved.Add(wishes);
                named.AddRange(wishes.Select(wish => wish.Name));
            }
            else if (part is not Predicate.Not { Inner: Leaf.IsNull } || part.Evaluate(facts, TermTests.Ask) != Truth.True)
            {
                // `x != null && x > 3`: what makes the one part hold may do for the other.
                if (part is not Predicate.Not { Inner: Leaf.IsNull isNull } || !all.Leaves.Any(leaf => leaf is not Leaf.IsNull && leaf.Term.Text == isNull.Term.Text))
                {
                    return null;
                }
            }
        }

        return Together(solved);
    }

    private static ImmutableArray<Wish>? Together(IEnumerable<ImmutableArray<Wish>?> parts)
    {
        var all = new Dictionary<string, Wish>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            if (part is not { } wishes)
            {
                return null;
            }

            foreach (var wish in wishes)
            {
                all[wish.Name] = all.TryGetValue(wish.Name, out var other) && other.Distance > wish.Distance ? other : wish;
            }
        }

        return [.. all.Values];
    }

    private ImmutableArray<Wish>? SolveLeaf(Leaf leaf, bool holds)
    {
        if (leaf.Age is { } age)
        {
            return NearestValue.OfAge(age, holds, facts.Now) is { } since && Supposition.Knows(facts.Strategy, age.Since) ? [new(age.Since, since.ToValue(), 1)] : null;
        }

        if (!leaf.Term.IsRead)
        {
            return null;
        }

        var name = leaf.Term.Text;
        if (leaf is Leaf.Holds && Follow(name, holds) is { } deeper)
        {
            return deeper;
        }

        facts.Strategy.TermReaders.Of(leaf.Term).TryRead(facts, out var seen);
        if (name.StartsWith("grade(", StringComparison.Ordinal))
        {
            return Supposition.ScoreOfGrade(facts, name, leaf, holds) is { } grade ? [grade] : null;
        }

        return Supposition.Knows(facts.Strategy, name) && NearestValue.Of(leaf, holds) is { } needed
            ? [new(name, needed.ToValue(), NearestValue.Distance(seen, needed))]
            : null;
    }

    /// <summary>What would bring a segment or a stage about; null where that is not known.</summary>
    private ImmutableArray<Wish>? Follow(string name, bool holds)
    {
        if (_depth == DepthMax)
        {
            return null;
        }

        _depth++;
        try
        {
            var parts = name.Split('.');
            return parts switch
            {
                ["segments", var segment] => facts.Strategy.Segments.FirstOrDefault(one => one.Name == segment) is { } found ? For(found.When.Expression, holds) : null,
                ["stages", var stage, "in"] => facts.Strategy.Stages.FirstOrDefault(one => one.Name == stage) is { } found
                    ? holds ? Enter(found) : found.Exit is null ? null : For(found.Exit.Expression)
                    : null,
                _ => null,
            };
        }
        finally
        {
            _depth--;
        }
    }

    /// <summary>What would bring a customer into a stage; null where that is not known.</summary>
    public ImmutableArray<Wish>? Enter(Journeys.Stage stage)
    {
        var way = Together([For(stage.Enter.Expression), stage.Exit is null ? [] : For(stage.Exit.Expression, holds: false)]);
        return way is { IsEmpty: false } ? way : null;
    }
}
