using System.Xml.Linq;

namespace Decisioning.Make;

/// <summary>Which packages to build with: the real ones, or the subsets under <c>fallback/</c> where the registry lacks them.</summary>
internal static class Packages
{
    private const string Property = "Packages";

    /// <summary>Sets the choice for this run: as asked, as set in the environment, as found out before, or by trying.</summary>
    public static async Task SelectAsync(string root, string? asked)
    {
        var file = Path.Combine(root, "packages.local.props");
        var chosen = asked ?? Environment.GetEnvironmentVariable(Property) ?? Kept(file);
        if (chosen is null)
        {
            chosen = await TryRealAsync(root) ? "nuget" : "fallback";
            await File.WriteAllTextAsync(file, $"<Project><PropertyGroup><{Property}>{chosen}</{Property}></PropertyGroup></Project>\n");
        }

        // Builds started from here see it as an MSBuild property.
        Environment.SetEnvironmentVariable(Property, chosen);
        Console.WriteLine(chosen == "nuget"
            ? "packages: the real Orleans and gRPC packages"
            : "packages: fallback/ (subsets of Orleans and gRPC; this registry lacks the real ones, or you asked for it)");
    }

    private static string? Kept(string file) =>
        File.Exists(file) && XDocument.Load(file).Descendants(Property).FirstOrDefault()?.Value is "nuget" or "fallback" ? XDocument.Load(file).Descendants(Property).First().Value : null;

    // A restore of a project that names them is the only question whose answer means that builds will work: it uses the
    // same sources, credentials and versions.
    private static async Task<bool> TryRealAsync(string root)
    {
        var folder = Path.Combine(root, "artifacts", "probe");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "Directory.Build.props"), "<Project />\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "Directory.Build.targets"), "<Project />\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "Directory.Packages.props"), "<Project />\n");
        var versions = XDocument.Load(Path.Combine(root, "Directory.Build.props"));
        await File.WriteAllTextAsync(Path.Combine(folder, "probe.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.Orleans.Server" Version="{Version(versions, "OrleansVersion")}" />
                <PackageReference Include="Grpc.AspNetCore" Version="{Version(versions, "GrpcVersion")}" />
              </ItemGroup>
            </Project>
            """);
        return (await Dotnet.CaptureAsync(folder, ["restore", "probe.csproj", "-v", "q", "--nologo"])).ExitCode == 0;
    }

    private static string Version(XDocument props, string name) => Environment.GetEnvironmentVariable(name) ?? props.Descendants(name).First().Value;
}
