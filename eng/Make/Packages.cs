using System.Xml;
using System.Xml.Linq;

namespace Decisioning.Make;

/// <summary>Which packages to build with: the real ones, or the subsets under <c>fallback/</c> where the registry lacks them.</summary>
internal static class Packages
{
    /// <summary>The MSBuild property, and the environment variable, that holds the choice.</summary>
    public const string Property = "Packages";
    private const string Real = "nuget";
    private const string Fallback = "fallback";

    // Directory.Build.props holds their defaults.
    private static readonly string[] Versions = ["OrleansVersion", "GrpcVersion"];

    // What the probe must not take over from the checkout.
    private static readonly string[] Inherited = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"];

    /// <summary>Whether a choice is one.</summary>
    public static bool IsChoice(string choice) => choice is Real or Fallback;

    /// <summary>Sets the choice for this run and says which it is and why: asked for, found out before, or found out now by trying.</summary>
    public static async Task SelectAsync(string root, string? asked)
    {
        var file = Path.Combine(root, "packages.local.props");
        var (choice, why) =
            asked is not null ? (asked, "as asked for")
            : Kept(file) is { } kept ? (kept, $"as kept in {Path.GetFileName(file)}")
            : await FindOutAsync(root, file);

        // Builds started from here see it as an MSBuild property.
        Environment.SetEnvironmentVariable(Property, choice);
        MakeProgram.Say($"packages: {(choice == Real ? "the real Orleans and gRPC packages" : "fallback/, subsets of Orleans and gRPC")} ({why})");
    }

    private static async Task<(string Choice, string Why)> FindOutAsync(string root, string file)
    {
        var (choice, why) = await RestoresAsync(root) ? (Real, "they restore here") : (Fallback, "the real ones do not restore here");
        await File.WriteAllTextAsync(file, $"<Project><PropertyGroup><{Property}>{choice}</{Property}></PropertyGroup></Project>\n");
        return (choice, $"{why}; kept in {Path.GetFileName(file)}");
    }

    private static string? Kept(string file)
    {
        try
        {
            return XDocument.Load(file).Descendants(Property).FirstOrDefault()?.Value is { } kept && IsChoice(kept) ? kept : null;
        }
        catch (Exception e) when (e is IOException or XmlException)
        {
            // Absent, or half written by a run that was ended: found out anew.
            return null;
        }
    }

    // A restore of a project that names them all is the only question whose answer means that builds will work: it uses the
    // same sources, credentials and versions.
    private static async Task<bool> RestoresAsync(string root)
    {
        var folder = Path.Combine(root, "artifacts", "probe");
        Directory.CreateDirectory(folder);
        foreach (var inherited in Inherited)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, inherited), "<Project />\n");
        }

        var defaults = XDocument.Load(Path.Combine(root, "Directory.Build.props"));
        var references =
            from package in XDocument.Load(Path.Combine(root, "Directory.Packages.props")).Descendants("PackageVersion")
            from version in Versions
            where package.Attribute("Version")?.Value == $"$({version})"
            select new XElement("PackageReference", package.Attribute("Include"), new XAttribute("Version", Version(defaults, version)));
        var project = new XElement(
            "Project",
            new XAttribute("Sdk", "Microsoft.NET.Sdk"),
            new XElement("PropertyGroup", defaults.Descendants("TargetFramework").First()),
            new XElement("ItemGroup", new XElement("FrameworkReference", new XAttribute("Include", "Microsoft.AspNetCore.App")), references));
        await File.WriteAllTextAsync(Path.Combine(folder, "probe.csproj"), project + "\n");
        return (await Dotnet.CaptureAsync(folder, ["restore", "probe.csproj", "-v", "q", "--nologo"])).ExitCode == 0;
    }

    private static string Version(XDocument defaults, string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } set ? set : defaults.Descendants(name).First().Value;
}
