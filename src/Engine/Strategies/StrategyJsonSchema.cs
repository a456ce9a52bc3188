using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Sections;

namespace Decisioning.Engine.Strategies;

/// <summary>The JSON Schema of strategy files, for editors.</summary>
public static class StrategyJsonSchema
{
    /// <summary>The schema as JSON text, the same for every run.</summary>
    public static string Text { get; } = JsonSchemaWriter.Write(
        "A decisioning strategy", "One file of a strategy's folder. Its files are laid together, so each may hold any of the sections.", StrategyLanguage.Sections);
}
