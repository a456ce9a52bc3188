using Decisioning.Benchmarks;

namespace Decisioning.LoadTests.Data;

/// <summary>The strategy under load: 100 features, 300 rules, 100 actions, caps.</summary>
internal static class LoadStrategy
{
    private const int Rules = 300;
    private const int Actions = 100;

    // Looked at in every decision and met by nobody: a load is not to become easier because its customers have had enough.
    private const string Caps = """
        contact:
          caps:
            - { outcome: IMPRESSION, of: action, at_most: 200, within: 1d }
            - { outcome: CLICKED, of: group, at_most: 200, within: 7d }

        """;

    /// <summary>Writes it into a folder.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (file, text) in ScaleStrategy.Source(Rules, Actions).Files)
        {
            File.WriteAllText(Path.Combine(folder, file), text + Caps);
        }
    }
}
