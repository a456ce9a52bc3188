using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Values;
using Xunit;

namespace Decisioning.Engine.Tests.Decisions;

public sealed class OpenOffersTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Items_of_a_decision_wait_until_they_expire()
    {
        var offers = OpenOffers.Empty.With(Decision("D1", "a", "b"));

        Assert.Equal(["a", "b"], Actions(offers));
        Assert.Equal(["a", "b"], Actions(offers.At(Noon.AddDays(1).AddTicks(-1))));
        Assert.Equal([], Actions(offers.At(Noon.AddDays(1))));
    }

    [Fact]
    public void Decision_that_is_repeated_counts_once() =>
        Assert.Equal(["a"], Actions(OpenOffers.Empty.With(Decision("D1", "a")).With(Decision("D1", "a"))));

    [Fact]
    public void Repeated_decision_counts_what_it_offers_beyond_its_first_answer() =>
        Assert.Equal(["a", "b"], Actions(OpenOffers.Empty.With(Decision("D1", "a")).With(Decision("D1", "a", "b"))));

    [Fact]
    public void Decision_recorded_more_than_once_counts_once()
    {
        var once = OpenOffers.Empty.With(Decision("D1", "a", "b")).Offers;
        var other = OpenOffers.Empty.With(Decision("D2", "a")).Offers;

        Assert.Equal(["a", "b", "a"], Actions(OpenOffers.Of([.. once, .. other, .. once], [])));
    }

    [Theory]
    [InlineData("D1", "a", "D1/b D2/a")]
    [InlineData("D2", "a", "D1/a D1/b")]
    [InlineData("D3", "a", "D1/a D1/b D2/a")]
    [InlineData("", "a", "D1/a D1/b D2/a")]
    public void Response_ends_only_the_offer_it_answers(string decision, string action, string left)
    {
        var offers = OpenOffers.Empty.With(Decision("D1", "a", "b")).With(Decision("D2", "a"));
        var answered = offers.Answered(new(decision, "i", "g", action, "t", "web", "hero", Outcome.Clicked, Behaviour.Positive, 0));
        Assert.Equal(left, string.Join(' ', answered.Offers.Select(offer => $"{offer.DecisionId}/{offer.Action}")));
    }

    [Fact]
    public void Marks_that_are_carried_along_are_those_made_anew()
    {
        const int seed = 20261122;
        var random = new Random(seed);
        var index = new CapIndex([], RandomOffers.Compile(RandomOffers.Yaml("a: { value: 1, treatments: [ { channel: web, placement: hero, text: x } ] }")).Actions);
        var (offers, most) = (OpenOffers.Empty, 0);
        for (var step = 0; step < 500; step++)
        {
            var now = Noon.AddMinutes(step);
            var held = offers.At(now);
            offers = random.Next(8) switch
            {
                0 => held.Answered(new($"D{random.Next(step + 1)}", "i", "g", "a", "t", "web", "hero", Outcome.Clicked, Behaviour.Positive, 0)),
                1 => held.With(Made($"D{random.Next(step + 1)}", "a", "x1", "gone")),
                _ => held.With(Made($"D{step}", [.. Enumerable.Range(0, random.Next(9)).Select(i => $"x{i}")])),
            };

            var carried = offers.MarksFor(index, new OfferMark[OfferShelf.FewMax]).ToArray();
            Assert.Equal(offers.Offers.Select(index.MarkOf), carried);
            Assert.All(held.Offers, offer => Assert.True(offer.ExpiresAt > now, $"seed {seed}, step {step}"));
            most = Math.Max(most, offers.Offers.Length);

            Decision Made(string id, params string[] actions)
            {
                var made = Decision(id, actions);
                return made with { DecidedAt = now, Items = [.. made.Items.Select(item => item with { ExpiresAt = now.AddMinutes(random.Next(1, 60)) })] };
            }
        }

        Assert.Equal(Limits.OpenOffersMax, most);
    }

    [Fact]
    public void Offers_of_recorded_decisions_are_open_unless_a_contact_answers_them()
    {
        var recorded = OpenOffers.Empty.With(Decision("D1", "a", "b")).With(Decision("D2", "a")).Offers;
        var seen = new Contact(Outcome.Impression, "i", "g", "a", "web", Noon, "D1");

        Assert.Equal(["b", "a"], Actions(OpenOffers.Of(recorded, [seen, seen with { DecisionId = "" }])));
        Assert.Equal(OpenOffers.Empty, OpenOffers.Of([], [seen]));
    }

    [Fact]
    public void Oldest_leave_first_when_the_limit_is_reached()
    {
        var offers = OpenOffers.Empty;
        for (var i = 0; i < Limits.OpenOffersMax + 3; i++)
        {
            offers = offers.With(Decision($"D{i}", "a"));
        }

        Assert.Equal(Limits.OpenOffersMax, offers.Offers.Length);
        Assert.Equal("D3", offers.Offers[0].DecisionId);
    }

    private static IEnumerable<string> Actions(OpenOffers offers) => offers.Offers.Select(offer => offer.Action);

    private static Decision Decision(string id, params IEnumerable<string> actions) => new(
        id, 1, "s", 1, "h", Noon, 0, [.. actions.Select(Item)], [], [], [], [], []);

    private static DecisionItem Item(string action) => new(
        1, "i", "g", action, "t", "web", "hero", PropertyMap.Empty, "", false, 1, 1, 1, 1, 1, 1, Noon.AddDays(1), []);
}
