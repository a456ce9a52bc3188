using Decisioning.Engine.Values;

namespace Decisioning.Engine.Decisions.Explaining;

/// <summary>What is the case, by the name conditions have for it.</summary>
internal static class SeenValue
{
    /// <summary>The value; null for nothing.</summary>
    /// <param name="facts">Looks at the customer.</param>
    /// <param name="name">One that <see cref="Supposition.Knows"/>.</param>
    public static Value Of(Facts facts, string name) => name.Split('.') switch
    {
        ["features", var feature] => facts.FeatureValue(facts.Strategy.Features.First(one => one.Name == feature).Slot),
        ["scores", var score] => Value.Of(facts.Score(facts.Strategy.Scores.First(one => one.Name == score).Index)),
        ["profile", var attribute] => facts.ProfileValue(attribute),
        ["tags", var tag] => Value.Of(facts.HasTag(tag)),
        ["consent", var purpose, var channel] => Value.Of(facts.ConsentGranted(purpose, channel)),
        ["device", var part] => facts.DeviceValue(part),
        ["context", .. var path] => facts.ContextValue(string.Join('.', path)),
        _ => Value.Null,
    };
}
