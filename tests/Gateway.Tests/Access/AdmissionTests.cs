using Decisioning.Engine.Access;
using Decisioning.Engine.Customers;
using Decisioning.Gateway.Access;

namespace Decisioning.Gateway.Tests.Access;

public sealed class AdmissionTests
{
    private static readonly Caller Secret = new("shop", AccessScope.Decide, "k", "key");
    private static readonly Caller Public = new("shop", AccessScopes.Public, "k", "key") { IsPublic = true };
    private static readonly Caller Visitor = new("shop", AccessScopes.Public, "k", "token") { IsPublic = true, VisitorId = "email:ann" };

    [Theory]
    [InlineData("shop/u/email:ann", true, false, true, true)]
    [InlineData("shop/u/bob", true, false, false, false)]
    [InlineData("shop/a/email:ann", true, true, false, true)]
    [InlineData("shop/x/email:ann", true, false, false, false)]
    public void Whom_a_caller_asks_for_and_speaks_of_is_what_its_credential_knows(string customer, bool secretAsks, bool publicAsks, bool visitorAsks, bool visitorTells)
    {
        Assert.True(CustomerKey.TryParse(customer, out var key));

        Assert.Equal((secretAsks, publicAsks, visitorAsks), (Secret.RefusesToAsk(key) is null, Public.RefusesToAsk(key) is null, Visitor.RefusesToAsk(key) is null));
        Assert.Equal((true, true, visitorTells), (Admission.MayTell(Secret, key), Admission.MayTell(Public, key), Admission.MayTell(Visitor, key)));
    }

    [Theory]
    [InlineData(AccessScope.Track, "track")]
    [InlineData(AccessScope.Decide | AccessScope.Track, "track, decide")]
    [InlineData(AccessScope.Agent, "track, decide, agent")]
    [InlineData(AccessScope.Author, "author")]
    [InlineData(AccessScope.Admin, "track, decide, agent, author, admin")]
    public void Scopes_hold_what_they_include(AccessScope given, string held) => Assert.Equal(held, new Caller("shop", given, "k", "key").Scopes.Text());
}
