using System.Collections.Immutable;
using Decisioning.Engine.Expressions.Runtime;

namespace Decisioning.Engine.Expressions.Analysis;

/// <summary>
/// Whether conditions can come to what is wanted of them all at once, for any customer at all. Terms are taken to be independent of each
/// other, so "cannot" is certain and "can" is not: two terms may be bound by something this does not know.
/// </summary>
/// <param name="expand">What a reading of type bool is short for, such as a segment; null for what stands for itself.</param>
/// <param name="family">
/// For a reading of type int the readings it is ordered with, least first: each is at most the next, such as counts of one thing in windows
/// of growing length. Empty for none.
/// </param>
internal sealed class Feasibility(Func<string, Predicate?> expand, Func<string, ImmutableArray<string>> family)
{
    /// <summary>Choices tried before it is taken to be possible: a handful of conditions needs tens.</summary>
    private const int TriesMax = 20_000;

    /// <summary>How deep readings are looked into: segments of segments.</summary>
    private const int DepthMax = 64;

    /// <summary>Whether it is possible, as far as can be told.</summary>
    public bool IsPossible(params ReadOnlySpan<Goal> goals)
    {
        var gathered = new Dictionary<string, (Term Term, List<Leaf> Tests)>(StringComparer.Ordinal);
        foreach (var goal in goals)
        {
            Gather(goal.Predicate, gathered, 0);
        }

        // Values of terms that are compared with each other must stand for the same stretches.
        var byFamily = gathered.Values.ToLookup(known => FamilyOf(known.Term) is { IsEmpty: false } together ? together[0] : known.Term.Key, known => known.Tests, StringComparer.Ordinal);
        var cases = gathered.ToDictionary(
            pair => pair.Key,
            pair => ValueCases.Of(pair.Value.Term, FamilyOf(pair.Value.Term) is { IsEmpty: false } together ? byFamily[together[0]].SelectMany(tests => tests) : pair.Value.Tests),
            StringComparer.Ordinal);
        var orders = gathered.Values
            .Where(known => !FamilyOf(known.Term).IsEmpty)
            .GroupBy(known => FamilyOf(known.Term)[0], StringComparer.Ordinal)
            .Select(group => group.OrderBy(known => FamilyOf(known.Term).IndexOf(known.Term.Text)).Select(known => known.Term.Key).ToImmutableArray())
            .Where(keys => keys.Length > 1)
            .ToImmutableArray();
        Pending? pending = null;
        foreach (var goal in goals)
        {
            pending = new(goal, pending);
        }

        return new Search(expand, cases, orders).Try(pending, ImmutableDictionary.Create<string, ImmutableArray<Dyn?>>(StringComparer.Ordinal), 0);
    }

    private ImmutableArray<string> FamilyOf(Term term) => term.IsRead && term.Type == CelType.Int ? family(term.Text) : [];

    /// <summary>Whether one condition holding means that another holds.</summary>
    public bool Implies(Predicate strong, Predicate weak) => !IsPossible(new Goal(strong, Want.True), new Goal(weak, Want.NotTrue));

    private void Gather(Predicate predicate, Dictionary<string, (Term Term, List<Leaf> Tests)> gathered, int depth)
    {
        foreach (var leaf in predicate.Leaves)
        {
            if (!gathered.TryGetValue(leaf.Term.Key, out var known))
            {
                gathered[leaf.Term.Key] = known = (leaf.Term, []);
                if (leaf is Leaf.Holds && depth < DepthMax && expand(leaf.Term.Text) is { } meaning)
                {
                    Gather(meaning, gathered, depth + 1);
                }
            }

            known.Tests.Add(leaf);
        }
    }

    private sealed record Pending(Goal Goal, Pending? Rest);

    private sealed class Search(Func<string, Predicate?> expand, Dictionary<string, ImmutableArray<Dyn?>> all, ImmutableArray<ImmutableArray<string>> orders)
    {
        private int _tries;

        public bool Try(Pending? pending, ImmutableDictionary<string, ImmutableArray<Dyn?>> left, int depth)
        {
            // What branches is put off until everything that does not has narrowed the values.
            Pending? choices = null;
            while (pending is { Goal: var (predicate, want) } next)
            {
                pending = next.Rest;
                switch (predicate)
                {
                    case Predicate.Always always:
                        if (!Goal.IsMet(want, Truths.Of(always.Holds)))
                        {
                            return false;
                        }

                        break;
                    case Predicate.Not not:
                        pending = new(new(not.Inner, Goal.Opposite(want)), pending);
                        break;
                    case Predicate.All when want is Want.False or Want.NotTrue:
                    case Predicate.Any when want is Want.True or Want.NotFalse:
                        choices = new(next.Goal, choices);
                        break;
                    case Leaf leaf:
                        if (Narrow(leaf, want, left) is not { } narrowed)
                        {
                            return false;
                        }

                        left = narrowed;
                        if (leaf is Leaf.Holds && depth < DepthMax && expand(leaf.Term.Text) is { } meaning)
                        {
                            // It holds exactly where its meaning does, and is never an error.
                            pending = new(new(meaning, want is Want.True or Want.NotFalse ? Want.True : Want.NotTrue), pending);
                            depth++;
                        }

                        break;
                    default:
                        pending = Parts(predicate).Aggregate(pending, (rest, part) => new(new(part, want), rest));
                        break;
                }
            }

            return (choices is null && orders.All(order => AreOrdered(order, left))) || ++_tries > TriesMax
                || (choices is not null && Parts(choices.Goal.Predicate).Any(part => Try(new(choices.Goal with { Predicate = part }, choices.Rest), left, depth)));
        }

        private static ImmutableArray<Predicate> Parts(Predicate predicate) => predicate is Predicate.All all ? all.Parts : ((Predicate.Any)predicate).Parts;

        /// <summary>Whether values are left of which each is at least the one before: the least possible one is taken each time.</summary>
        private bool AreOrdered(ImmutableArray<string> order, ImmutableDictionary<string, ImmutableArray<Dyn?>> left)
        {
            var least = long.MinValue;
            foreach (var key in order)
            {
                var values = left.TryGetValue(key, out var narrowed) ? narrowed : all[key];
                var next = long.MaxValue;
                foreach (var value in values)
                {
                    if (value is { Kind: DynKind.Int } known && known.Int >= least && known.Int < next)
                    {
                        next = known.Int;
                    }
                }

                if (next == long.MaxValue)
                {
                    return false;
                }

                least = next;
            }

            return true;
        }

        /// <summary>The values that are left when a test comes to what is wanted; null when none is.</summary>
        private ImmutableDictionary<string, ImmutableArray<Dyn?>>? Narrow(Leaf leaf, Want want, ImmutableDictionary<string, ImmutableArray<Dyn?>> left)
        {
            var before = left.TryGetValue(leaf.Term.Key, out var narrowed) ? narrowed : all[leaf.Term.Key];
            var after = before.RemoveAll(value => !Goal.IsMet(want, value is { } known ? leaf.Test(known) : Truth.Error));
            return after.IsEmpty ? null : left.SetItem(leaf.Term.Key, after);
        }
    }
}
