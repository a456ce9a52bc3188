using System.Globalization;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;
using Xunit;

namespace Decisioning.Engine.Tests.Decisions;

/// <summary>When a decision says that an action is allowed again, it is, and not before: held against deciding every ten minutes.</summary>
public sealed class WhenNextTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Grid = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(4);

    [Theory]
    [InlineData("applicable: now.hour >= 18", "2026-11-09T18:00:00Z")]
    [InlineData("applicable: now.hour < 9", "2026-11-10T00:00:00Z")]
    [InlineData("eligible: now.weekday == 3, suitable: now.hour >= 7", "2026-11-11T07:00:00Z")]
    [InlineData("applicable: now - features.last > duration(\"6h\")", "2026-11-09T17:00:00.0000001Z")]
    [InlineData("applicable: '!tags.hot'", "2026-11-09T16:00:00Z")]
    [InlineData("applicable: '!stages.near.in'", "2026-11-09T19:00:00Z")]
    [InlineData("valid_from: 2026-11-10", "2026-11-10T00:00:00Z")]
    [InlineData("valid_from: 2026-11-10, valid_until: 2026-11-10T12:00, applicable: now.hour >= 15", null)]
    [InlineData("applicable: profile.x > 3", null)]
    [InlineData("applicable: features.a >= 2 && now.hour >= 18", null)]
    public void An_action_is_allowed_again_at_the_first_instant_at_which_time_alone_lets_it_through(string condition, string? expected)
    {
        var strategy = RandomOffers.Compile(RandomMoments.Yaml($"only: {{ value: 5, {condition}, treatments: [ {{ channel: web, placement: hero, text: x }} ] }}"));
        var state = RandomOffers.Record(CustomerState.Empty, strategy, "A");

        var verdict = Assert.Single(strategy.Decide(Asking.Request(explain: ExplainLevel.Full), state).Verdicts);

        Assert.Equal(expected, verdict.AllowedAgainAt?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void What_random_decisions_say_of_when_comes_true_to_the_microsecond()
    {
        var (dated, never) = (0, 0);
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new RandomMoments(seed);
            var yaml = random.Yaml();
            var strategy = RandomOffers.Compile(yaml);
            var (state, request) = (random.Customer(strategy), random.Request());
            var decision = strategy.Decide(request, state);
            var waiting = decision.Verdicts.Where(verdict => verdict.Stage <= FunnelStage.Budget).ToList();
            var grid = RandomMoments.Later(strategy, state, request, Enumerable.Range(1, (int)(Horizon / Grid)).Select(step => Asking.Noon + (Grid * step)));
            foreach (var verdict in waiting)
            {
                var said = verdict.AllowedAgainAt;
                var found = grid.Where(later => later.Allowed.Contains(verdict.Action)).Select(later => (DateTimeOffset?)later.At).FirstOrDefault();
                var context = $"seed {seed}, {verdict.Action} at {verdict.Stage} ({verdict.Reason}): said {said:O}, on the grid {found:O}\n{yaml}";
                if (said is not { } at)
                {
                    never++;
                    Assert.True(found is null, context);
                    continue;
                }

                dated++;
                Assert.True(at > Asking.Noon && (found is null ? at > Asking.Noon + Horizon - Grid : at <= found), context);
                Assert.True(RandomMoments.Later(strategy, state, request, [at])[0].Allowed.Contains(verdict.Action), $"not then: {context}");
                Assert.False(RandomMoments.Later(strategy, state, request, [at.AddMicroseconds(-2)])[0].Allowed.Contains(verdict.Action), $"just before: {context}");
                Assert.True(found is null || found - at < Grid, context);
            }
        }

        output.WriteLine($"{dated} verdicts with an instant, {never} without");
        Assert.True(dated > 40 && never > 20, $"{dated} with, {never} without");
    }
}
