using System.Xml.Linq;

namespace Decisioning.Conventions.Tests;

/// <summary>Dependencies flow one way: who may reference whom is drawn in docs/architecture.md and held here.</summary>
public sealed class ArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Engine"] = [],
        ["Contracts"] = ["Engine"],
        ["Storage"] = ["Engine"],
        ["Grains"] = ["Contracts", "Storage"],
        ["Gateway"] = ["Contracts"],
        ["Silo"] = ["Grains", "Storage", "Gateway"],
        ["Cli"] = ["Contracts", "Engine", "Storage"],
    };

    public static TheoryData<string> Projects => [.. Assemblies.Names];

    [Theory, MemberData(nameof(Projects))]
    public void A_project_references_only_what_the_plan_allows(string project)
    {
        var references = XDocument.Parse(SourceTree.Text($"src/{project}/{project}.csproj"))
            .Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')))
            .Order(StringComparer.Ordinal);
        Assert.Equal(Allowed[project].Order(StringComparer.Ordinal), references);
    }

    [Theory, MemberData(nameof(Projects))]
    public void The_compiled_code_uses_only_what_may_be_reached(string project)
    {
        var used = Assemblies.Load(project).GetReferencedAssemblies()
            .Select(a => a.Name!)
            .Where(name => name.StartsWith("Decisioning.", StringComparison.Ordinal))
            .Select(name => name["Decisioning.".Length..]);
        Assert.Empty(used.Except(Reachable(project)));
    }

    [Fact]
    public void Every_source_project_is_in_the_plan() => Assert.Equal(
        Allowed.Keys.Order(StringComparer.Ordinal),
        SourceTree.Files("src", "*.csproj").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal));

    [Fact]
    public void Nothing_in_the_solution_references_the_fallback_directly()
    {
        // The one switch in Directory.Build.targets does.
        var offenders = SourceTree.Files("src", "*.csproj").Concat(SourceTree.Files("tests", "*.csproj"))
            .Where(file => SourceTree.Text(file).Contains("fallback/", StringComparison.Ordinal));
        Assert.Empty(offenders);
    }

    private static HashSet<string> Reachable(string project)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<string>(Allowed[project]);
        while (waiting.TryDequeue(out var next))
        {
            if (reached.Add(next))
            {
                foreach (var further in Allowed[next])
                {
                    waiting.Enqueue(further);
                }
            }
        }

        return reached;
    }
}
