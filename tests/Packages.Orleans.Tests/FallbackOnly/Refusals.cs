using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Decisioning.PackageTests.FallbackOnly;

public sealed class Refusals
{
    public static TheoryData<string, Action<ISiloBuilder>> Missing { get; } = new()
    {
        { "Microsoft.Orleans.Clustering.AdoNet", static silo => silo.UseAdoNetClustering(static options => options.Invariant = "Npgsql") },
        { "Microsoft.Orleans.Persistence.AdoNet", static silo => silo.AddAdoNetGrainStorage("states", static options => options.Invariant = "Npgsql") },
    };

    [Theory, MemberData(nameof(Missing))]
    public void What_only_a_package_can_do_is_refused_with_its_name(string package, Action<ISiloBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());

        var refusal = Assert.Throws<OrleansConfigurationException>(() => builder.UseOrleans(configure));

        Assert.Contains(package, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Packages=nuget", refusal.Message, StringComparison.Ordinal);
    }
}
