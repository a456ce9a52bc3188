using System.Collections.Immutable;
using Decisioning.Engine.Strategies.Checking;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Decisioning.Engine.Strategies.Written;

/// <summary>
/// Reads one YAML file into nodes that know their places. Works on the parser's events, without recursion: depth and size
/// are bounded before anything is built, and aliases share what they name, so an alias bomb costs nothing.
/// </summary>
internal sealed class YamlReader
{
    private readonly SourceText _source;
    private readonly Mistakes _mistakes;
    private readonly Stack<Frame> _open = new();
    private readonly Dictionary<string, (WrittenNode Node, long Weight)> _anchors = new(StringComparer.Ordinal);
    private WrittenNode? _root;
    private int _documents;

    private YamlReader(SourceText source, Mistakes mistakes)
    {
        _source = source;
        _mistakes = mistakes;
    }

    /// <summary>The file's content; null when it is not readable, which is then reported.</summary>
    public static WrittenNode? Read(SourceText source, Mistakes mistakes)
    {
        var reader = new YamlReader(source, mistakes);
        var last = 0L;
        try
        {
            var parser = new Parser(new Scanner(new StringReader(source.Text), skipComments: true));
            while (parser.MoveNext())
            {
                last = parser.Current!.End.Index;
                if (!reader.Take(parser.Current))
                {
                    return null;
                }
            }

            return reader._root ?? new WrittenNode.Scalar(source.At(0), "", IsPlain: true, source, 0, 0);
        }
        catch (YamlException e)
        {
            mistakes.Add(FindingRules.Yaml, source.At(YamlHints.PlaceOf(e, source)), "yaml", YamlHints.Explain(e, source));
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // The library's parser leaves some broken flow collections this way instead of with its own exception.
            mistakes.Add(FindingRules.Yaml, source.At(YamlHints.NextAfter(source, last)), "yaml", "this cannot be read as YAML from here on; close every `[`, `{` and quote that was opened before");
            return null;
        }
    }

    private bool Take(ParsingEvent current)
    {
        switch (current)
        {
            case DocumentStart when ++_documents > 1:
                _mistakes.Add(FindingRules.Yaml, _source.At(current.Start.Index), "yaml", "a second document begins here; write one document per file, without `---`");
                return false;
            case MappingStart start:
                return Open(new Frame(_source.At(start.Start.Index), start.Anchor, IsMapping: true, start.Style == MappingStyle.Flow));
            case SequenceStart start:
                return Open(new Frame(_source.At(start.Start.Index), start.Anchor, IsMapping: false, start.Style == SequenceStyle.Flow));
            case MappingEnd or SequenceEnd:
                var frame = _open.Pop();
                return Add(frame.Close(), frame.Weight, frame.Anchor);
            case AnchorAlias alias:
                return AddAlias(alias);
            case YamlDotNet.Core.Events.Scalar scalar:
                return Add(NodeOf(scalar), 1, scalar.Anchor);
            default:
                return true;
        }
    }

    private bool Open(Frame frame)
    {
        if (_open.Count >= Limits.StrategyDepthMax)
        {
            _mistakes.Add(FindingRules.Limit, frame.Place, "yaml", $"nested deeper than {Limits.StrategyDepthMax} levels; the language needs far fewer");
            return false;
        }

        _open.Push(frame);
        return true;
    }

    private bool AddAlias(AnchorAlias alias)
    {
        if (_anchors.TryGetValue(alias.Value.Value, out var named))
        {
            return Add(named.Node, named.Weight, AnchorName.Empty, _source.At(alias.Start.Index));
        }

        var place = _source.At(alias.Start.Index);
        var known = _anchors.Keys;
        _mistakes.Add(FindingRules.Yaml, place, "yaml", $"YAML reads `*{alias.Value.Value}` as an alias, and nothing is anchored as `&{alias.Value.Value}` before it"
            + Cures.For(alias.Value.Value, known, "; put a value that begins with `*` between quotes"));
        return Add(new WrittenNode.Broken(place), 1, AnchorName.Empty);
    }

    private bool Add(WrittenNode node, long weight, AnchorName anchor, Place? at = null)
    {
        if (!anchor.IsEmpty)
        {
            _anchors[anchor.Value] = (node, weight);
        }

        if (!_open.TryPeek(out var parent))
        {
            _root = node;
            return true;
        }

        parent.Weight += weight;
        if (parent.Weight > Limits.StrategyNodesMax)
        {
            _mistakes.Add(FindingRules.Limit, at ?? node.Place, "yaml", $"more than {Limits.StrategyNodesMax} values with all aliases written out; split the strategy or use fewer aliases");
            return false;
        }

        parent.Add(node, _mistakes);
        return true;
    }

    private WrittenNode NodeOf(YamlDotNet.Core.Events.Scalar scalar)
    {
        var place = _source.At(scalar.Start.Index);
        if (!scalar.Tag.IsEmpty)
        {
            _mistakes.Add(FindingRules.Yaml, place, "yaml", $"YAML reads `{scalar.Tag.Value}` as a tag, because the value begins with `!`; put the value between quotes");
            return new WrittenNode.Broken(place);
        }

        return new WrittenNode.Scalar(place, scalar.Value, scalar.Style == ScalarStyle.Plain, _source, (int)scalar.Start.Index, (int)scalar.End.Index);
    }

    /// <summary>A mapping or list that is not closed yet.</summary>
    private sealed record Frame(Place Place, AnchorName Anchor, bool IsMapping, bool IsFlow)
    {
        private readonly List<WrittenNode> _items = [];
        private readonly List<WrittenEntry> _entries = [];
        private readonly Dictionary<string, Place> _keys = new(StringComparer.Ordinal);
        private WrittenNode? _key;
        private bool _isBroken;

        /// <summary>Nodes in it, with aliases written out.</summary>
        public long Weight { get; set; } = 1;

        public WrittenNode Close() => _isBroken ? new WrittenNode.Broken(Place)
            : IsMapping ? new WrittenNode.Mapping(Place, [.. _entries], IsFlow)
            : new WrittenNode.Sequence(Place, [.. _items]);

        public void Add(WrittenNode node, Mistakes mistakes)
        {
            if (!IsMapping)
            {
                _items.Add(node);
            }
            else if (_key is null)
            {
                _key = node;
            }
            else
            {
                AddEntry(_key, node, mistakes);
                _key = null;
            }
        }

        private void AddEntry(WrittenNode key, WrittenNode value, Mistakes mistakes)
        {
            if (key is not WrittenNode.Scalar name)
            {
                _isBroken = true;
                if (key is not WrittenNode.Broken)
                {
                    mistakes.Add(FindingRules.Yaml, key.Place, "yaml", $"YAML reads {key.Kind} as a key here; put a value that begins with `{{` or `[` between quotes");
                }

                return;
            }

            if (!_keys.TryAdd(name.Text, name.Place))
            {
                mistakes.Add(FindingRules.DuplicateId, name.Place, name.Text, $"`{name.Text}` is written twice; the first is at line {_keys[name.Text].Line}");
                return;
            }

            _entries.Add(new WrittenEntry(name, value));
        }
    }
}
