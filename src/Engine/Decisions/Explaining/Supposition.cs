using System.Collections.Frozen;
using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Expressions.Analysis;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Scoring;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Decisions.Explaining;

/// <summary>A customer and a question as they would be if some wishes came true.</summary>
/// <param name="State">The customer.</param>
/// <param name="Request">The question.</param>
/// <param name="Features">Features by slot that are read as these values.</param>
internal sealed record Supposition(CustomerState State, DecisionRequest Request, FrozenDictionary<int, Value> Features)
{
    /// <summary>Whether a reading can be supposed to be otherwise: not the time, nor the event, nor the channel asked for.</summary>
    public static bool Knows(Strategy strategy, string name) => name.Split('.') switch
    {
        ["features", var feature] => strategy.Features.Any(one => one.Name == feature),
        ["scores", var score] => strategy.Scores.Any(one => one.Name == score),
        ["profile" or "tags" or "device", _] or ["consent", _, _] or ["context", ..] => true,
        _ => false,
    };

    /// <summary>The points that bring a score to the grade a test wants; null where none do.</summary>
    public static Wish? ScoreOfGrade(Facts facts, string reading, Leaf leaf, bool holds)
    {
        var name = reading["grade(".Length..^1].Trim('"', '\'');
        if (facts.Strategy.Scores.FirstOrDefault(one => one.Name == name) is not { } score || NearestValue.Rank(leaf, holds) is not { } rank)
        {
            return null;
        }

        var (now, is0) = (facts.Score(score.Index), facts.GradeRank(score.Index));
        if (rank < 0 || rank > score.Grades.Length || rank == is0)
        {
            return null;
        }

        var needed = rank > is0 ? score.Grades[(int)rank - 1].Threshold : Math.Round(score.Grades[(int)rank].Threshold - score.Hysteresis - 0.01, 6);
        return needed < 0 ? null : new($"scores.{name}", Value.Of(needed), Math.Abs(needed - now) / (1 + now));
    }

    /// <summary>Lets wishes come true.</summary>
    public static Supposition Of(Strategy strategy, CustomerState state, DecisionRequest request, IEnumerable<Wish> wishes, DateTimeOffset now)
    {
        var features = new Dictionary<int, Value>();
        foreach (var wish in wishes)
        {
            var parts = wish.Name.Split('.');
            switch (parts)
            {
                case ["features", var feature]:
                    features[strategy.Features.First(one => one.Name == feature).Slot] = wish.Needed;
                    break;
                case ["profile", var attribute]:
                    state = state with { Profile = wish.Needed.IsNull ? state.Profile.Without(attribute) : state.Profile.With(attribute, wish.Needed) };
                    break;
                case ["scores", var score]:
                    state = state with { Scores = With(state.Scores, one => one.Name == score, one => new(score, wish.Needed.AsDouble(), now, one?.Grade ?? "")) };
                    break;
                case ["tags", var tag]:
                    state = state with
                    {
                        Tags = wish.Needed.AsBool() ? With(state.Tags, one => one.Name == tag, _ => new TagState(tag, "", "", now, null)) : state.Tags.RemoveAll(one => one.Name == tag),
                    };
                    break;
                case ["consent", var purpose, var channel]:
                    state = state with { Consents = Said(state.Consents, purpose, channel, wish.Needed.AsBool(), now) };
                    break;
                case ["device", ..]:
                    request = request with { Context = Set(request.Context, parts, wish.Needed) };
                    break;
                case ["context", .. var path]:
                    request = request with { Context = Set(request.Context, path, wish.Needed) };
                    break;
            }
        }

        return new(state, request, features.ToFrozenDictionary());
    }

    private static ImmutableArray<T> With<T>(ImmutableArray<T> all, Func<T, bool> isIt, Func<T?, T> next)
        where T : class
    {
        var known = all.FirstOrDefault(isIt);
        return known is null ? all.Add(next(null)) : all.Replace(known, next(known));
    }

    // To grant what was refused, the refusal must go: a refusal counts before any grant.
    private static ImmutableArray<ConsentState> Said(ImmutableArray<ConsentState> consents, string purpose, string channel, bool isGranted, DateTimeOffset now) =>
    [
        .. consents.Where(one => one.Purpose != purpose || (one.Channel != channel && !(isGranted && one.Channel == ConsentState.AnyChannel && one.Status != ConsentStatus.Granted))),
        new(purpose, channel, isGranted ? ConsentStatus.Granted : ConsentStatus.Denied, now, ""),
    ];

    private static PropertyMap Set(PropertyMap map, ReadOnlySpan<string> path, Value value)
    {
        if (path.Length == 1)
        {
            return map.With(path[0], value);
        }

        var inner = map[path[0]] is { Kind: ValueKind.Map } known ? known.AsMap() : PropertyMap.Empty;
        return map.With(path[0], Value.Of(Set(inner, path[1..], value)));
    }
}
