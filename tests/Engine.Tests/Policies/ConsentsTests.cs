using System.Collections.Immutable;
using Decisioning.Engine.Policies;
using Xunit;

namespace Decisioning.Engine.Tests.Policies;

public sealed class ConsentsTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("marketing/email=Granted", true)]
    [InlineData("marketing/any=Granted", true)]
    [InlineData("marketing/web=Granted", false)]
    [InlineData("care/email=Granted", false)]
    [InlineData("marketing/email=Denied", false)]
    [InlineData("marketing/email=Revoked", false)]
    [InlineData("marketing/email=Granted marketing/any=Denied", false)]
    [InlineData("marketing/any=Revoked marketing/email=Granted", false)]
    [InlineData("marketing/any=Granted marketing/email=Revoked", false)]
    [InlineData("marketing/any=Granted marketing/web=Denied", true)]
    [InlineData("marketing/any=Granted marketing/email=Granted", true)]
    public void Consent_for_marketing_on_email_counts(string said, bool granted)
    {
        ImmutableArray<ConsentState> consents =
        [
            .. said.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(one => one.Split('/', '='))
                .Select(parts => new ConsentState(parts[0], parts[1], Enum.Parse<ConsentStatus>(parts[2]), DateTimeOffset.UnixEpoch, "")),
        ];

        Assert.Equal(granted, Consents.Granted(consents, "marketing", "email"));
    }
}
