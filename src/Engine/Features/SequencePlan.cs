namespace Decisioning.Engine.Features;

/// <summary>A sequence's times, in ticks.</summary>
internal readonly struct SequencePlan(SequenceDefinition definition)
{
    /// <summary>How many steps; of a single one the sequence is an absence.</summary>
    public int Steps { get; } = definition.Steps.Length;

    /// <summary>How long after the first step the last may happen; of a single step, after how long it holds.</summary>
    public Window Within { get; } = Window.Of(definition.Within);

    /// <summary>How long it holds; <see cref="long.MaxValue"/> for as long as it is not taken back.</summary>
    public long For { get; } = definition.For?.Ticks ?? long.MaxValue;

    /// <summary>From when it does not hold any more, being complete since an instant; never is <see cref="long.MaxValue"/>.</summary>
    public long EndsAt(long completed) => For == long.MaxValue ? long.MaxValue : completed + For;
}
