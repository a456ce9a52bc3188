namespace Decisioning.Conformance.Tests;

/// <summary>The tests that are left out: <c>left-out.txt</c>, one name a line under the reason of its group.</summary>
internal static class LeftOut
{
    public static HashSet<string> Read()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var hasReason = false;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "left-out.txt")).Select(line => line.Trim()))
        {
            if (line.Length == 0 || line.StartsWith("# ", StringComparison.Ordinal))
            {
                // An empty line ends a group; the next one begins with its reason.
                hasReason = line.Length > 0;
                continue;
            }

            Assert.True(hasReason, $"`{line}` stands in left-out.txt without a reason: begin its group with lines of `# `");
            Assert.True(names.Add(line), $"`{line}` stands in left-out.txt twice");
        }

        return names;
    }
}
