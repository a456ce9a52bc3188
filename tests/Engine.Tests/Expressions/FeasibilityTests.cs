using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Analysis;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Expressions;

public sealed class FeasibilityTests
{
    private const int Seed = 20_261_123;

    private static readonly ExpressionOptions Loose = new() { RefuseConstantConditions = false };

    private static readonly Feasibility Plain = new(_ => null, _ => []);

    [Theory]
    [InlineData("features.visits_1y > 3 && features.visits_1y < 4")]
    [InlineData("features.visits_1y > 3 && !(features.visits_1y >= 2)")]
    [InlineData("features.visits_1y == 1 && features.visits_1y == 2")]
    [InlineData("features.visits_1y in [1, 2] && features.visits_1y > 2")]
    [InlineData("features.spend_1y > 5.0 && features.spend_1y <= 5.0")]
    [InlineData("profile.plan == 'basic' && profile.plan == 'family'")]
    [InlineData("profile.plan == null && profile.plan == 'basic'")]
    [InlineData("profile.plan == null && profile.plan in ['basic']")]
    [InlineData("profile.nps == null && profile.nps > 6")]
    [InlineData("profile.vip && !profile.vip")]
    [InlineData("grade('lead') >= 'sql' && grade('lead') < 'mql'")]
    [InlineData("now - features.last_visit > duration('30d') && now - features.last_visit < duration('7d')")]
    [InlineData("(profile.vip || features.visits_1y > 3) && !profile.vip && features.visits_1y < 2")]
    [InlineData("features.visits_1y > now.hour && !(features.visits_1y > now.hour)")]
    [InlineData("now.hour < 0")]
    public void What_contradicts_itself_is_impossible(string text) => Assert.False(IsPossible(text, Want.True));

    [Theory]
    [InlineData("features.spend_1y > 3.0 && features.spend_1y < 4.0")]
    [InlineData("features.visits_1y > 3 && features.visits_1y < 5")]
    [InlineData("profile.nps == null || profile.nps > 6")]
    [InlineData("profile.plan != 'basic' && profile.plan != 'family'")]
    [InlineData("device.type > 'a' && device.type < 'b'")]
    [InlineData("event.price > 3 && event.price < 4")]
    [InlineData("(profile.vip || features.visits_1y > 3) && (!profile.vip || features.visits_1y < 2)")]
    public void What_some_customer_can_have_is_possible(string text) => Assert.True(IsPossible(text, Want.True));

    [Theory]
    [InlineData("now.hour >= 0", true)]
    [InlineData("features.visits_1y > 3 || features.visits_1y < 5", true)]
    [InlineData("profile.vip || !profile.vip", false)]
    [InlineData("profile.nps > 3 || profile.nps <= 3", false)]
    [InlineData("profile.nps == null || profile.nps > 3 || profile.nps <= 3", true)]
    public void What_holds_for_everyone_is_told_apart_from_what_some_lack(string text, bool always) => Assert.Equal(!always, IsPossible(text, Want.NotTrue));

    [Theory]
    [InlineData("features.visits_1y > 5", "features.visits_1y > 3", true)]
    [InlineData("features.visits_1y > 3", "features.visits_1y > 5", false)]
    [InlineData("features.visits_1y > 5 && profile.vip", "profile.vip", true)]
    [InlineData("profile.plan == 'basic'", "profile.plan in ['basic', 'family']", true)]
    [InlineData("profile.plan == 'basic'", "profile.plan != null", true)]
    [InlineData("profile.vip", "now.hour <= 23", true)]
    [InlineData("profile.nps < 3", "profile.nps == null || profile.nps < 5", true)]
    public void A_stronger_condition_implies_a_weaker_one(string strong, string weak, bool implied) => Assert.Equal(implied, Plain.Implies(Of(strong), Of(weak)));

    [Fact]
    public void A_reading_is_looked_into_where_it_is_short_for_more()
    {
        var inside = new Feasibility(name => name == "profile.vip" ? Of("features.visits_1y > 9") : null, _ => []);

        Assert.False(inside.IsPossible(new Goal(Of("profile.vip && features.visits_1y < 3"), Want.True)));
        Assert.False(inside.IsPossible(new Goal(Of("!profile.vip && features.visits_1y > 20"), Want.True)));
        Assert.True(inside.IsPossible(new Goal(Of("!profile.vip && features.visits_1y < 3"), Want.True)));
    }

    [Theory]
    [InlineData("features.visits_1y == 3 && now.hour == 2", false)]
    [InlineData("features.visits_1y > 5 && now.hour < 5", false)]
    [InlineData("features.visits_1y >= 20 && now.hour > 20", true)]
    [InlineData("features.visits_1y > 5 && now.hour > 5", true)]
    [InlineData("(features.visits_1y > 5 || profile.vip) && now.hour < 5", true)]
    [InlineData("(features.visits_1y > 5 || profile.vip) && now.hour < 5 && !profile.vip", false)]
    public void Readings_may_be_known_to_grow_in_an_order(string text, bool possible) =>
        Assert.Equal(possible, new Feasibility(_ => null, _ => ["features.visits_1y", "now.hour"]).IsPossible(new Goal(Of(text), Want.True)));

    [Fact]
    public void What_is_impossible_never_happens_to_a_random_customer()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        var random = new RandomExpressions(Seed);
        var impossible = 0;
        Visitor[] visitors =
        [
            new(), new() { Visits = 0, Points = 3, Vip = true, Nps = 7, Weight = 1.5, Dropped = false, Plan = null, Grade = 0, LastVisit = null },
            new() { Plan = "family", Vip = false, Grade = 2, Visits = 12, Event = PropertyMap.Empty },
            new() { Event = PropertyMap.Of(("price", Value.Of("dear")), ("count", Value.Of(2.0)), ("topic", Value.Of(true))), Nps = 0, Spend = 0, LastVisit = new Visitor().Now },
        ];
        for (var i = 0; i < 1_500; i++)
        {
            var condition = Visitor.Compile(random.Typed("bool", 3), CelType.Bool, Loose);
            foreach (var want in Enum.GetValues<Want>())
            {
                if (Plain.IsPossible(new Goal(condition.Predicate, want)))
                {
                    continue;
                }

                impossible++;
                Assert.All(visitors, visitor => Assert.False(Goal.IsMet(want, condition.Test(visitor)), $"{condition.Text} is {condition.Test(visitor)}, but {want} is said to be impossible"));
            }
        }

        Assert.True(impossible > 100, $"only {impossible} impossible ones");
    }

    private static bool IsPossible(string text, Want want) => Plain.IsPossible(new Goal(Of(text), want));

    private static Predicate Of(string text) => Visitor.Compile(text, CelType.Bool, Loose).Predicate;
}
