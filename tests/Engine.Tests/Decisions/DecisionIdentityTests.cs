using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Xunit;

namespace Decisioning.Engine.Tests.Decisions;

public sealed class DecisionIdentityTests
{
    private static readonly CustomerKey Ann = CustomerKey.User("default", "ann");

    /// <summary>Stored decisions and open offers are found by these: they must never change.</summary>
    [Fact]
    public void Identity_is_the_same_in_every_release()
    {
        var identity = DecisionIdentity.Of(Ann, "request-1");
        Assert.Equal("1CKGGYQZ5YBQNM2NTCZTY2R7J3", identity.Id);
        Assert.Equal(14165716483499532419UL, identity.Seed);
    }

    [Fact]
    public void Identity_differs_by_customer_and_by_request()
    {
        string[] ids =
        [
            DecisionIdentity.Of(Ann, "ab").Id,
            DecisionIdentity.Of(Ann, "a").Id,
            DecisionIdentity.Of(Ann, "").Id,
            DecisionIdentity.Of(CustomerKey.User("default", "anna"), "b").Id,
            DecisionIdentity.Of(CustomerKey.Anonymous("default", "ann"), "ab").Id,
            DecisionIdentity.Of(CustomerKey.User("other", "ann"), "ab").Id,
        ];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[0-7][0-9A-HJKMNP-TV-Z]{25}$", id));
    }

    [Fact]
    public void Identity_takes_ids_of_any_length()
    {
        var longest = CustomerKey.User("default", string.Concat(Enumerable.Repeat("😀", Limits.CustomerIdCharsMax / 2)));
        Assert.Equal(26, DecisionIdentity.Of(longest, new string('中', 10_000)).Id.Length);
    }
}
