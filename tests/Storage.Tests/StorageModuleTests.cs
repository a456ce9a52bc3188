using Decisioning.Storage.Tests.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Decisioning.Storage.Tests;

public sealed class StorageModuleTests : IDisposable
{
    private readonly TestStore _test = new();

    [Fact]
    public async Task A_host_opens_the_store_at_start_and_gives_the_folder_back_when_it_is_disposed()
    {
        for (var start = 0; start < 2; start++)
        {
            using var host = Host("Storage:DataFolder", _test.Folder);
            await host.StartAsync();
            Assert.True(File.Exists(_test.Database));
            var log = host.Services.GetRequiredService<ICustomerLog>();
            Assert.Equal(AppendResult.Done, await log.AppendAsync(Samples.Customer(start), 0, new Samples(start).Events(0, 1), null, CancellationToken.None));
            Assert.Same(log, host.Services.GetRequiredService<IDecisionLog>());
            Assert.Same(log, host.Services.GetRequiredService<IStrategyStore>());
            await host.StopAsync();
        }
    }

    [Fact]
    public async Task A_folder_that_is_taken_stops_the_host_before_it_serves()
    {
        using var other = _test.Open();
        using var host = Host("Storage:DataFolder", _test.Folder);

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => host.StartAsync());

        Assert.Contains(_test.Folder, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Storage:DataFolder", "")]
    [InlineData("Storage:AppendQueueMax", "0")]
    [InlineData("Storage:AppendWaitMax", "00:05:00")]
    [InlineData("Storage:IndexBatch", "3")]
    public async Task An_option_out_of_bounds_stops_the_host_with_its_name(string option, string value)
    {
        using var host = Host(option, value);

        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains(option.Split(':')[1], refusal.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _test.Dispose();

    private static IHost Host(string option, string value)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create<string, string?>(option, value)]);
        builder.Services.AddDecisioningStorage(builder.Configuration);
        return builder.Build();
    }
}
