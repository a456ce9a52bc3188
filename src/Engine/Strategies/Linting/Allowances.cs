using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Decisioning.Engine.Strategies.Checking;
using Decisioning.Engine.Strategies.Written;

namespace Decisioning.Engine.Strategies.Linting;

/// <summary>
/// Comments <c># lint: allow RULE, RULE</c>, by which an author says that a warning is known and fine: behind something for its line, on a
/// line of its own for the lines below it up to the next empty one.
/// </summary>
internal static partial class Allowances
{
    /// <summary>The findings that are not allowed, and one for each allowance that allows nothing.</summary>
    public static ImmutableArray<Finding> Apply(StrategySource source, ImmutableArray<Finding> findings)
    {
        var allowed = source.Files.Where(file => StrategySource.IsPart(file.Key) && !StrategySource.IsTemplate(file.Key)).SelectMany(file => Of(file.Key, SourceText.Normalize(file.Value))).ToList();
        var idle = allowed
            .Where(allowance => !findings.Any(allowance.Covers))
            .Select(allowance => new Finding(FindingRules.IdleAllow.Severity, FindingRules.IdleAllow.Id, allowance.File, allowance.From, allowance.Column, "lint",
                $"there is no finding `{Shape.Short(allowance.Rule)}` to allow here{Cures.For(allowance.Rule, FindingRules.All.Select(rule => rule.Id), "; leave it out")}"));
        return [.. findings.Where(finding => !allowed.Exists(allowance => allowance.Covers(finding))), .. idle];
    }

    private static IEnumerable<Allowance> Of(string file, string text)
    {
        var lines = text.Split('\n');
        foreach (var (index, line) in lines.Index())
        {
            if (!line.Contains('#') || Form().Match(line) is not { Success: true } match)
            {
                continue;
            }

            var isAlone = line.AsSpan(0, match.Index).IsWhiteSpace();
            var end = isAlone ? Array.FindIndex(lines, index, string.IsNullOrWhiteSpace) : index + 1;
            foreach (Capture rule in match.Groups["rule"].Captures)
            {
                yield return new(file, index + 1, end < 0 ? lines.Length : end, match.Index + 1, rule.Value);
            }
        }
    }

    // A rule's id behind the last comma ends the list; what follows is the author's reason.
    [GeneratedRegex(@"#[^#]*\blint: allow (?<rule>[a-z-]+)(, (?<rule>[a-z-]+))*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();

    /// <param name="File">The file.</param>
    /// <param name="From">The first line it covers.</param>
    /// <param name="To">The last line it covers.</param>
    /// <param name="Column">Where the comment begins.</param>
    /// <param name="Rule">What is allowed.</param>
    private sealed record Allowance(string File, int From, int To, int Column, string Rule)
    {
        public bool Covers(Finding finding) =>
            finding.Severity == Severity.Warning && finding.Rule == Rule && finding.File == File && finding.Line >= From && finding.Line <= To;
    }
}
