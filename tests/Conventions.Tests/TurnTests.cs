using System.Reflection;
using System.Text.RegularExpressions;
using Decisioning.Contracts;
using Orleans.Concurrency;

namespace Decisioning.Conventions.Tests;

/// <summary>
/// Calls that record events are let into a customer's grain while others wait there for the log. So a method that the runtime takes to be alone is not: it takes
/// its turn to write before it waits for anything, or it changes a state that a commit under way is about to replace.
/// </summary>
public sealed class TurnTests
{
    public static TheoryData<string> Alone { get; } =
        [.. typeof(ICustomerGrain).GetMethods().Where(method => method.GetCustomAttribute<AlwaysInterleaveAttribute>() is null).Select(method => method.Name)];

    [Theory, MemberData(nameof(Alone))]
    public void A_method_of_the_customers_grain_takes_its_turn_before_it_waits(string method)
    {
        var source = string.Concat(SourceTree.Files("src/Grains/Customers", "CustomerGrain*.cs").Select(SourceTree.Text));
        var body = Regex.Match(source, $@"public async Task(<\w+>)? {method}\((?<body>.*?)\n    }}\n", RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));

        Assert.True(body.Success, $"{method} is not in CustomerGrain, or not as `public async Task`");
        var firstWait = body.Groups["body"].Value.Split('\n').First(line => line.Contains("await ", StringComparison.Ordinal));
        Assert.Equal("using var turn = await TakeTurnAsync(cancellationToken);", firstWait.Trim());
    }
}
