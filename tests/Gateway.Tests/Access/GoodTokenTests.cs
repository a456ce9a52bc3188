using Decisioning.Gateway.Access;
using Decisioning.Tests.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Decisioning.Gateway.Tests.Access;

/// <summary>Which tokens are remembered as good.</summary>
public sealed class GoodTokenTests
{
    private const int Max = 10;

    private readonly TestClock _clock = new();
    private readonly GoodTokens _good;

    public GoodTokenTests() => _good = new(Options.Create(new AccessOptions { KeysCachedMax = Max }), _clock);

    [Fact]
    public void A_token_is_good_until_it_expires()
    {
        Add("one", TimeSpan.FromMinutes(5));
        Assert.True(Has("one"));
        Assert.False(Has("other"));

        _clock.Advance(TimeSpan.FromMinutes(5) + TokenScheme.Skew);
        Assert.True(Has("one"));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.False(Has("one"));
    }

    [Fact]
    public void Tokens_that_have_expired_make_room_and_those_that_have_not_stay()
    {
        for (var i = 0; i < Max; i++)
        {
            Add($"{i}", TimeSpan.FromMinutes(i % 2 == 0 ? 5 : 60));
        }

        _clock.Advance(TimeSpan.FromMinutes(10));
        for (var i = 0; i < Max / 2; i++)
        {
            Add($"new-{i}", TimeSpan.FromMinutes(60));
        }

        Assert.All(Enumerable.Range(0, Max / 2), i => Assert.True(Has($"new-{i}") && Has($"{(2 * i) + 1}") && !Has($"{2 * i}")));
    }

    [Fact]
    public void Where_none_has_expired_one_makes_room_for_another()
    {
        for (var i = 0; i < 5 * Max; i++)
        {
            Add($"{i}", TimeSpan.FromMinutes(5));
            Assert.True(Has($"{i}"));
            Assert.Equal(Math.Min(i + 1, Max), Enumerable.Range(0, 5 * Max).Count(number => Has($"{number}")));
        }
    }

    private static HttpRequest Request(string token) => new DefaultHttpContext { Request = { Headers = { Authorization = "Bearer " + token } } }.Request;

    private void Add(string token, TimeSpan lasts) => _good.Add(Request(token), (_clock.GetUtcNow() + lasts).UtcDateTime);

    private bool Has(string token) => _good.Has(Request(token));
}
