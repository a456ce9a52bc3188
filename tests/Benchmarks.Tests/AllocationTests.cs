using System.Diagnostics;
using System.Reflection;
using Decisioning.Benchmarks.Micro;
using Decisioning.Engine.Customers;

namespace Decisioning.Benchmarks.Tests;

/// <summary>
/// What the parts of an event and a decision allocate is held to what is written in <c>benchmarks/allocations.csv</c>: unlike times, bytes are
/// the same on a busy machine. A change that is meant to allocate more writes the file anew: <c>dotnet run make.cs bench --save benchmarks/allocations.csv</c>.
/// </summary>
public sealed class AllocationTests
{
    [Fact]
    public void Nothing_allocates_more_than_it_did()
    {
        Assert.SkipWhen(
            typeof(CustomerState).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true },
            "what code allocates that is built for debugging says nothing: run the tests with make.cs");
        var known = StoredRun.Read(Path.Combine(AppContext.BaseDirectory, "allocations.csv")).ToDictionary(result => result.Name, result => result.Bytes);
        List<string> worse = [];
        foreach (var one in MicroCases.All())
        {
            if (!known.Remove(one.Name, out var bytes))
            {
                worse.Add($"`{one.Name}` is not in benchmarks/allocations.csv");
            }
            else if (MicroMeasure.Allocated(one) is var now && now > StoredRun.Allowed(bytes))
            {
                worse.Add($"`{one.Name}` allocates {now:N0} B, {bytes:N0} B before");
            }
        }

        worse.AddRange(known.Keys.Select(name => $"`{name}` is in benchmarks/allocations.csv and nowhere else"));
        Assert.True(worse.Count == 0, string.Join('\n', worse.Append("if it is meant so: dotnet run make.cs bench --save benchmarks/allocations.csv")));
    }
}
