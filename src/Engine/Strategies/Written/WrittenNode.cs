using System.Collections.Immutable;

namespace Decisioning.Engine.Strategies.Written;

/// <summary>A strategy as written: YAML with the place of every node. A closed set.</summary>
internal abstract record WrittenNode(Place Place)
{
    /// <summary>What authors call it.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether nothing was written: <c>rules:</c> with all its items commented out.</summary>
    public virtual bool IsEmpty => false;

    /// <summary>A text, a number, a condition.</summary>
    /// <param name="Place">Where it begins.</param>
    /// <param name="Text">What YAML makes of it.</param>
    /// <param name="IsPlain">Whether it stands there without quotes and is no block.</param>
    /// <param name="Source">The file, to find places inside it.</param>
    /// <param name="Start">Where it begins in the file's text.</param>
    /// <param name="End">Where it ends in the file's text (exclusive).</param>
    public sealed record Scalar(Place Place, string Text, bool IsPlain, SourceText Source, int Start, int End) : WrittenNode(Place)
    {
        public override string Kind => "a text";

        public override bool IsEmpty => IsPlain && Text.Length == 0;
    }

    /// <summary>Keys with values, in the order written; no key twice.</summary>
    public sealed record Mapping(Place Place, ImmutableArray<WrittenEntry> Entries, bool IsFlow) : WrittenNode(Place)
    {
        public override string Kind => "a mapping";
    }

    /// <summary>A list.</summary>
    public sealed record Sequence(Place Place, ImmutableArray<WrittenNode> Items) : WrittenNode(Place)
    {
        public override string Kind => "a list";
    }

    /// <summary>Something whose mistake is already reported; readers pass over it in silence.</summary>
    public sealed record Broken(Place Place) : WrittenNode(Place)
    {
        public override string Kind => "a mistake";
    }
}

/// <summary>One key of a mapping with its value.</summary>
internal readonly record struct WrittenEntry(WrittenNode.Scalar Key, WrittenNode Value)
{
    public string Name => Key.Text;
}
