using System.Reflection;

namespace Decisioning.Storage;

/// <summary>The numbered files that make a store's schema, embedded in this program.</summary>
internal static class MigrationScripts
{
    /// <summary>The files of a folder below this project, in their order; their numbers run from 1 without a gap.</summary>
    public static (int Number, string Name, string Sql)[] Read(string folder)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"Decisioning.Storage.{folder}.Migrations.";
        var names = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToArray();
        return [.. names.Select((name, index) =>
        {
            var file = name[prefix.Length..];
            if (!file.StartsWith($"{index + 1:D4}_", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"the migration `{file}` should have number {index + 1}");
            }

            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return (index + 1, Path.GetFileNameWithoutExtension(file), reader.ReadToEnd());
        })];
    }
}
