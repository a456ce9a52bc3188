using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Rules;

/// <summary>What a rule does when it begins to hold: a closed set.</summary>
public abstract record RuleEffect
{
    private RuleEffect()
    {
    }

    /// <summary>Gives a tag, or renews its expiry.</summary>
    /// <param name="Name">The tag.</param>
    /// <param name="Level">How strong; empty for not said.</param>
    /// <param name="Expires">How long it holds; null for ever.</param>
    /// <param name="Evidence">A text to keep with it, of what is known as it is given; null for the rule's id alone.</param>
    public sealed record Tag(string Name, string Level, TimeSpan? Expires, CompiledExpression<Facts>? Evidence = null) : RuleEffect;

    /// <summary>Adds points to a score.</summary>
    /// <param name="ScoreIndex">The score.</param>
    /// <param name="Add">The points, may be negative.</param>
    public sealed record Score(int ScoreIndex, double Add) : RuleEffect;

    /// <summary>Brings the customer into a stage or out of it, whatever the stage's own conditions and bounds say.</summary>
    /// <param name="StageIndex">The stage.</param>
    /// <param name="Enters">Whether into it.</param>
    public sealed record Stage(int StageIndex, bool Enters) : RuleEffect;

    /// <summary>Gives a signal for channels outside.</summary>
    /// <param name="Name">The signal.</param>
    public sealed record Trigger(string Name) : RuleEffect;

    /// <summary>Suggests an action: while the rule holds at the time of a decision, its context weight is multiplied.</summary>
    /// <param name="ActionIndex">The action.</param>
    /// <param name="Weight">The factor, above 0.</param>
    public sealed record Offer(int ActionIndex, double Weight) : RuleEffect;

    /// <summary>Sets an attribute of the profile.</summary>
    /// <param name="Name">The attribute.</param>
    /// <param name="Value">Its value.</param>
    public sealed record Attribute(string Name, Value Value) : RuleEffect;
}
