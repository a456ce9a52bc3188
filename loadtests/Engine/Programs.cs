namespace Decisioning.LoadTests.Engine;

/// <summary>Programs of others that some scenarios start.</summary>
internal static class Programs
{
    /// <summary>Whether one is installed.</summary>
    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
