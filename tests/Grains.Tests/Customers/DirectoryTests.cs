using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;
using Decisioning.Grains.Tests.Support;
using Decisioning.Tests.Shared;

namespace Decisioning.Grains.Tests.Customers;

[Collection(typeof(SharedEngine))]
public sealed class DirectoryTests(TestEngine engine)
{
    [Fact]
    public async Task Pages_hold_every_customer_of_the_tenant_once_with_exact_features()
    {
        var tenant = TestEngine.NewTenant();
        await engine.PublishAsync(tenant, TestStrategies.Shop);
        var other = await engine.CustomerAsync();
        await other.RecordAsync(other.Viewed("a"));
        var visitor = new TestCustomer(engine, CustomerKey.Anonymous(tenant, "cookie"));
        await visitor.RecordAsync(visitor.Viewed("a"));
        for (var i = 0; i < 7; i++)
        {
            var customer = engine.Customer(tenant, $"c{i}");
            await customer.RecordAsync(
                customer.Event("x", "Order Completed", default, ("revenue", Value.Of(0.1))),
                customer.Event("y", "Order Completed", default, ("revenue", Value.Of(0.2 + i))));
        }

        var named = await AllAsync(tenant, includeAnonymous: false);
        var all = await AllAsync(tenant, includeAnonymous: true);

        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"{tenant}/u/c{i}"), named.Select(row => row.Customer.Value).Order(StringComparer.Ordinal));
        Assert.Equal(8, all.Select(row => row.Customer).Distinct().Count());
        Assert.All(named, row => Assert.Equal((2, Value.Of(2L)), (row.Sequence, row.Features["orders"])));
        Assert.Contains(named, row => row.Features["spent"] == Value.Of(0.3));
        Assert.All(named, row => Assert.Equal(2, row.Features.Count));
    }

    [Fact]
    public async Task Features_that_the_strategy_does_not_have_are_named()
    {
        var tenant = TestEngine.NewTenant();
        await engine.PublishAsync(tenant, TestStrategies.Shop);

        var page = await engine.Grains.GetGrain<ICustomerDirectoryGrain>(tenant).PageAsync(new CustomerPageRequest(["orders", "vews"], 10, "", true));

        Assert.Equal(["vews"], page.UnknownFeatures);
        Assert.Equal((true, ""), (page.Customers.IsEmpty, page.After));
    }

    private async Task<List<CustomerRow>> AllAsync(string tenant, bool includeAnonymous)
    {
        var directory = engine.Grains.GetGrain<ICustomerDirectoryGrain>(tenant);
        var rows = new List<CustomerRow>();
        var after = "";
        do
        {
            var page = await directory.PageAsync(new CustomerPageRequest(["orders", "spent"], 3, after, includeAnonymous));
            Assert.InRange(page.Customers.Length, 1, 3);
            rows.AddRange(page.Customers);
            after = page.After;
        }
        while (after.Length > 0);

        return rows;
    }
}
