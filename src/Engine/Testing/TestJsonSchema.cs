using Decisioning.Engine.Strategies.Checking;

namespace Decisioning.Engine.Testing;

/// <summary>The JSON Schema of test files, for editors. It is the same for all strategies: whether a name is one of the strategy's, only a run tells.</summary>
public static class TestJsonSchema
{
    /// <summary>The schema as JSON text, the same for every run.</summary>
    public static string Text { get; } = JsonSchemaWriter.Write(
        "Tests of a decisioning strategy", "One file of the folder `tests` of a strategy's folder.", TestLanguage.File);
}
