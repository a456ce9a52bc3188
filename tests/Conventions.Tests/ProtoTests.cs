using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Decisioning.Tests.Shared;

namespace Decisioning.Conventions.Tests;

/// <summary>The public API keeps buf's STANDARD rules and says what every part of it means.</summary>
public sealed partial class ProtoTests
{
    [Fact]
    public async Task Protos_pass_bufs_standard_rules()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64,
            "buf is pinned for Linux on x64; the protos are linted there");
        Assert.Contains("- STANDARD", SourceTree.Text("src/Contracts/Protos/buf.yaml"), StringComparison.Ordinal);

        var run = await ForeignClients.NodeAsync("tests/Conventions.Tests/clients/node/lint.js", Path.Combine(SourceTree.Root, "src/Contracts/Protos"));

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(["lint"], run.Held);
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
