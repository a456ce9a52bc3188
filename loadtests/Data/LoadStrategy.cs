using Decisioning.Benchmarks;

namespace Decisioning.LoadTests.Data;

/// <summary>The strategy under load: 100 features, 300 rules, 100 actions, caps.</summary>
internal static class LoadStrategy
{
    /// <summary>Writes it into a folder.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (file, text) in ScaleStrategy.UnderLoad().Files)
        {
            File.WriteAllText(Path.Combine(folder, file), text);
        }
    }
}
