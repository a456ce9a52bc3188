namespace Decisioning.Make;

/// <summary>Where this checkout is.</summary>
internal static class Repository
{
    private const string Mark = "Decisioning.sln";

    /// <summary>The root of the checkout that the working directory is in, or null if it is in none.</summary>
    public static string? Find()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Mark)))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
