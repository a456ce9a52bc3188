namespace Decisioning.Benchmarks;

/// <summary>The checkout that the benchmarks were built in.</summary>
internal static class Checkout
{
    /// <summary>Its folder.</summary>
    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Decisioning.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("run it from a checkout");
        }

        return folder.FullName;
    }
}
