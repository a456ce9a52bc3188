using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Linting;

/// <summary>Where each path of a strategy stands in its files.</summary>
internal sealed class WrittenPlaces
{
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    public WrittenPlaces(StrategyDocument document)
    {
        foreach (var (name, node) in document.Sections)
        {
            _places[name] = node.Place;
            Walk(name, node);
        }
    }

    /// <summary>The place of the key that a path ends in; of one that is nowhere that of the nearest thing around it.</summary>
    public Place Of(string path)
    {
        for (var at = path; at.Length > 0; at = at[..Math.Max(at.LastIndexOfAny(['.', '[']), 0)])
        {
            if (_places.TryGetValue(at, out var place))
            {
                return place;
            }
        }

        return new Place("strategy.yaml", 1, 1);
    }

    /// <summary>What is written behind the key that a path ends in; null when that is no text.</summary>
    public string? TextOf(string path) => _texts.GetValueOrDefault(path);

    private void Walk(string path, WrittenNode node)
    {
        switch (node)
        {
            case WrittenNode.Scalar scalar:
                _texts.TryAdd(path, scalar.Text);
                break;
            case WrittenNode.Mapping mapping:
                foreach (var entry in mapping.Entries)
                {
                    _places.TryAdd($"{path}.{entry.Name}", entry.Key.Place);
                    Walk($"{path}.{entry.Name}", entry.Value);
                }

                break;
            case WrittenNode.Sequence list:
                foreach (var (index, item) in list.Items.Index())
                {
                    // Rules are called by their ids; everything else in a list by its number.
                    var name = path == "rules" && IdOf(item) is { } id ? $"rules.{id}" : $"{path}[{index + 1}]";
                    _places.TryAdd(name, item.Place);
                    Walk(name, item);
                }

                break;
        }
    }

    private static string? IdOf(WrittenNode rule) =>
        (rule as WrittenNode.Mapping)?.Entries.Where(entry => entry.Name == "id").Select(entry => (entry.Value as WrittenNode.Scalar)?.Text).FirstOrDefault();
}
