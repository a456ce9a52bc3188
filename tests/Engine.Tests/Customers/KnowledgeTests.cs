using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Features;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Customers;

/// <summary>Profile, context, consent and contacts.</summary>
public sealed class KnowledgeTests
{
    private static readonly DateTimeOffset _start = History.Start;
    private static readonly Strategy _strategy = new StrategyBuilder().Build();

    [Fact]
    public void The_newest_traits_win_older_ones_fill_in_and_null_takes_away()
    {
        var state = History.Fold(_strategy,
        [
            History.Identify(_start, "a", ("plan", Value.Of("basic")), ("city", Value.Of("Bonn")), ("age", Value.Of(40))),
            History.Identify(_start.AddHours(1), "b", ("plan", Value.Of("family")), ("city", Value.Null)),
            History.Identify(_start.AddMinutes(30), "c", ("plan", Value.Of("old")), ("name", Value.Of("Ana"))),
            History.Identify(_start.AddDays(-9), "d", ("late", Value.Of(true))),
        ]);

        Assert.Equal("{age: 40, name: \"Ana\", plan: \"family\"}", state.Profile.ToString());
    }

    [Fact]
    public void The_profile_is_bounded()
    {
        var traits = Enumerable.Range(0, 300).Select(i => ($"t{i:000}", Value.Of(i))).ToArray();

        var state = History.Fold(_strategy, [History.Identify(_start, "a", traits), History.Identify(_start, "b", ("t001", Value.Of(new string('x', 5000))), ("t002", Value.Of("new")))]);

        Assert.Equal(Limits.ProfileAttributesMax - 1, state.Profile.Count);
        Assert.Equal((Value.Null, Value.Of("new")), (state.Profile["t001"], state.Profile["t002"]));
    }

    [Fact]
    public void The_newest_context_is_kept_name_by_name()
    {
        var state = History.Fold(_strategy,
        [
            With(0, "a", ("channel", Value.Of("web")), ("device", Value.Of(PropertyMap.Of(("type", Value.Of("mobile")))))),
            With(10, "b", ("channel", Value.Of("app"))),
            With(5, "c", ("channel", Value.Of("mail")), ("page", Value.Of("/a"))),
            History.Event("E", _start.AddMinutes(20), "d"),
        ]);

        Assert.Equal("{channel: \"app\", device: {type: \"mobile\"}, page: \"/a\"}", state.Context.ToString());
    }

    [Fact]
    public void The_context_is_bounded()
    {
        var names = Enumerable.Range(0, 50).Select(i => ($"n{i:00}", Value.Of(i))).ToArray();

        var state = History.Fold(_strategy, [With(0, "a", names), With(1, "b", ("n01", Value.Of(new string('x', 2000))))]);

        Assert.Equal(Limits.ContextNamesMax - 1, state.Context.Count);
        Assert.Equal((Value.Null, Value.Of(2)), (state.Context["n01"], state.Context["n02"]));
    }

    // Events as status@minute:channel; whether marketing by e-mail is allowed then.
    [Theory]
    [InlineData("", false)]
    [InlineData("Granted@0:email", true)]
    [InlineData("Granted@0:any", true)]
    [InlineData("Granted@0:", true)]
    [InlineData("Granted@0:phone", false)]
    [InlineData("Granted@0:email Revoked@1:email", false)]
    [InlineData("Revoked@1:email Granted@0:email", false)]
    [InlineData("Denied@0:email Granted@1:email", true)]
    [InlineData("Denied@0:email Granted@0:email", false)]
    [InlineData("Granted@0:email Denied@0:email", false)]
    [InlineData("Granted@5:email Denied@0:any", false)]
    [InlineData("Granted@5:any Revoked@0:email", false)]
    [InlineData("Granted@9000:email Revoked@0:email", true)]
    public void The_newest_word_counts_and_a_refusal_wins(string events, bool isGranted)
    {
        var said = events.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((text, i) =>
        {
            var parts = text.Split('@', ':');
            return History.Event("Consent " + parts[0], _start.AddMinutes(int.Parse(parts[1])), $"m{i}", ("purpose", Value.Of("marketing")), ("channel", parts[2].Length == 0 ? Value.Null : Value.Of(parts[2])));
        });
        var facts = new Facts(_strategy);
        facts.Look(History.Fold(_strategy, said), _start.AddDays(30), null, PropertyMap.Empty);

        Assert.Equal(isGranted, facts.ConsentGranted("marketing", "email"));
        Assert.False(facts.ConsentGranted("care", "email"));
    }

    [Theory]
    [InlineData("properties.purpose", null, "email")]
    [InlineData("properties.purpose", "", "email")]
    [InlineData("properties.channel", "marketing", 5L)]
    public void A_consent_event_names_what_it_is_for(string field, string? purpose, object channel)
    {
        var e = History.Event(EventNames.ConsentGranted, _start, "m", ("purpose", Value.Of(purpose)), ("channel", channel is long number ? Value.Of(number) : Value.Of((string)channel)));

        var outcome = CustomerState.Empty.Record(_strategy, e).Outcomes[0];

        Assert.Equal((RecordStatus.Rejected, field), (outcome.Status, Assert.Single(outcome.Violations).Field));
    }

    [Fact]
    public void When_there_is_no_room_for_more_consents_refusals_stay()
    {
        var refusals = Enumerable.Range(0, 60).Select(i => Consent(EventNames.ConsentDenied, i, $"no{i}"));
        var grants = Enumerable.Range(0, 100).Select(i => Consent(EventNames.ConsentGranted, 100 + i, $"yes{i}"));

        var state = History.Fold(_strategy, [.. refusals, .. grants, Consent(EventNames.ConsentRevoked, 500, "never")], 10);

        Assert.Equal(Limits.ConsentsPerCustomerMax, state.Consents.Length);
        Assert.Equal(61, state.Consents.Count(consent => consent.Status != ConsentStatus.Granted));
        Assert.DoesNotContain("yes0", state.Consents.Select(consent => consent.Purpose));
    }

    [Fact]
    public void Contacts_lie_by_event_time_and_the_oldest_leave()
    {
        var responses = Enumerable.Range(0, 300).Select(i => History.Response(_start.AddMinutes((i * 7) % 300), $"m{i}", $"a{(i * 7) % 300}", Outcome.Impression));

        var state = History.Fold(_strategy, responses, 10);

        Assert.Equal(Limits.ContactsPerCustomerMax, state.Contacts.Length);
        Assert.Equal(Enumerable.Range(44, 256).Select(i => $"a{i}"), state.Contacts.Select(contact => contact.Action));
    }

    [Fact]
    public void Strange_data_is_no_reason_to_fail()
    {
        Value[] values =
        [
            Value.Null, Value.Of(""), Value.Of(double.NaN), Value.Of(double.PositiveInfinity), Value.Of(long.MinValue), Value.Of(ulong.MaxValue), Value.Of(DateTimeOffset.MinValue),
            Value.Of(DateTimeOffset.MaxValue), Value.Of(TimeSpan.MaxValue), Value.Of("\ud800 \0"), Value.Of([Value.Of([Value.Null])]), Value.Of(PropertyMap.Of(("", Value.Null))), Value.Of(new string('x', 100_000)),
        ];
        DateTimeOffset[] times = [DateTimeOffset.MinValue, _start, DateTimeOffset.UnixEpoch.AddTicks(-1), DateTimeOffset.MaxValue, DateTimeOffset.MaxValue.AddDays(-1)];
        var strategy = RandomHistory.Strategy;
        var state = CustomerState.Empty;
        foreach (var at in times.Concat(times.Reverse()))
        {
            foreach (var (i, value) in values.Index())
            {
                foreach (var name in new[] { "Product Viewed", "Order Completed", "Article Read", EventNames.ConsentDenied, "" })
                {
                    var e = History.Event(name, at, $"{at.Ticks} {i} {name} {state.Sequence}", ("price", value), ("topic", value), ("purpose", value), ("timezone", value), ("", value));
                    e = e with { Type = i % 3 == 0 ? EventType.Identify : EventType.Track, Context = e.Properties.With("device", value).With("channel", value) };
                    state = Recorder.Plan(state, [e], strategy, DateTimeOffset.MaxValue).Next;
                }
            }

            foreach (var now in times)
            {
                _ = CustomerViews.Of(state, strategy, now);
            }
        }

        Assert.True(state.Sequence > 400, $"sequence {state.Sequence}");
    }

    private static CustomerEvent Consent(string name, int minute, string purpose) =>
        History.Event(name, _start.AddMinutes(minute), purpose, ("purpose", Value.Of(purpose)));

    private static CustomerEvent With(int minute, string id, params ReadOnlySpan<(string Name, Value Value)> context) =>
        History.Event("E", _start.AddMinutes(minute), id) with { Context = PropertyMap.Of(context) };
}
