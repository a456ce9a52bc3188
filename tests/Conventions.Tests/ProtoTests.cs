using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Decisioning.Tests.Shared;

namespace Decisioning.Conventions.Tests;

/// <summary>
/// The public API keeps buf's STANDARD rules, breaks nothing it has ever promised, and says what every part of it means. What it has
/// promised is <c>api.approved.txtpb</c>: it only grows.
/// </summary>
public sealed partial class ProtoTests
{
    private const string Approved = "tests/Conventions.Tests/api.approved.txtpb";

    [Fact]
    public async Task Protos_pass_bufs_standard_rules_and_break_nobody_who_has_the_approved_ones()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64,
            "buf is pinned for Linux on x64; the protos are checked there");
        var rules = SourceTree.Text("src/Contracts/Protos/buf.yaml");
        Assert.Contains("- STANDARD", rules, StringComparison.Ordinal);
        Assert.Contains("- FILE", rules, StringComparison.Ordinal);

        var (approved, received) = (Path.Combine(SourceTree.Root, Approved), Path.Combine(AppContext.BaseDirectory, "api.received.txtpb"));
        var run = await ForeignClients.NodeAsync("tests/Conventions.Tests/clients/node/buf.js", Path.Combine(SourceTree.Root, "src/Contracts/Protos"), approved, received);

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(["lint", "breaking", "build"], run.Held);

        // What was added is promised from then on.
        Assert.True(
            await File.ReadAllTextAsync(approved) == await File.ReadAllTextAsync(received),
            $"the API has grown: copy `{Path.GetRelativePath(SourceTree.Root, received)}` over `{Approved}`");
    }

    [Fact]
    public void Every_field_service_and_value_is_commented()
    {
        var offenders =
            from file in SourceTree.Files("src/Contracts/Protos", "*.proto")
            let lines = SourceTree.Text(file).Split('\n')
            from i in Enumerable.Range(1, lines.Length - 1)
            where Declaration().IsMatch(lines[i]) && !lines[i - 1].TrimStart().StartsWith("//", StringComparison.Ordinal)
            select $"{file}:{i + 1}: {lines[i].Trim()}";
        Assert.Empty(offenders);
    }

    [GeneratedRegex(@"^\s*(rpc|message|service|enum)\s+\w+|^\s+[\w.<>, ]+\s+\w+\s*=\s*\d+;|^\s+[A-Z_]+\s*=\s*\d+;")]
    private static partial Regex Declaration();
}
