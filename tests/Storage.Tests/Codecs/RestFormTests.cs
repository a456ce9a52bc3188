using Decisioning.Engine.Customers;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Values;
using Decisioning.Storage.Codecs;
using Decisioning.Storage.Resting;
using Decisioning.Storage.Wire;
using Google.Protobuf;

namespace Decisioning.Storage.Tests.Codecs;

public sealed class RestFormTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 200)];

    [Theory, MemberData(nameof(Seeds))]
    public void A_state_reads_back_from_its_rest_as_it_was(int seed)
    {
        var state = new Samples(seed).State(seed);

        var read = RestForm.Read(RestForm.Write(state));

        States.AssertEqual(state, read);
        Assert.True(StoredForm.AreSame(state, read), $"seed {seed}");
    }

    [Fact]
    public void Nothing_known_of_a_customer_takes_next_to_nothing()
    {
        Assert.InRange(RestForm.Write(CustomerState.Empty).Length, 1, 32);
        States.AssertEqual(CustomerState.Empty, RestForm.Read(RestForm.Write(CustomerState.Empty)));
    }

    [Theory]
    [InlineData("00000000000000000000000000")]
    [InlineData("7ZZZZZZZZZZZZZZZZZZZZZZZZZ")]
    [InlineData("8ZZZZZZZZZZZZZZZZZZZZZZZZZ")]
    [InlineData("01arz3ndektsv4rrffq69g5fav")]
    [InlineData("0123456789ABCDEFGHIJKLMNOP")]
    [InlineData("mine")]
    [InlineData("")]
    public void The_id_of_a_decision_comes_back_whoever_made_it(string id)
    {
        var state = CustomerState.Empty with { Contacts = [new(Outcome.Clicked, "issue", "group", "action", "web", DateTimeOffset.UnixEpoch, id)] };
        Assert.Equal(id, RestForm.Read(RestForm.Write(state)).Contacts[0].DecisionId);
    }

    [Fact]
    public void A_name_that_finds_no_place_is_written_out()
    {
        var state = CustomerState.Empty with { RulesHeld = [new string('x', 100), "", "rule"] };
        States.AssertEqual(state, RestForm.Read(RestForm.Write(state)));
    }

    [Fact]
    public void A_name_is_one_string_for_all()
    {
        var (one, other) = (new string("shared name".AsSpan()), new string("shared name".AsSpan()));
        Assert.NotSame(one, other);
        Assert.Same(Shared.Names.One(one), Shared.Names.One(other));
    }

    [Fact]
    public void What_is_said_of_one_customer_is_in_no_table_that_never_forgets()
    {
        var inner = PropertyMap.Of(("inner-" + Unique(), Value.Of(true)));
        var state = CustomerState.Empty with
        {
            Tags = [new TagState("tag", "high", "seen: " + Unique(), DateTimeOffset.UnixEpoch, null)],
            Profile = PropertyMap.Of(("profile", Value.Of(inner)), ("list", Value.Of([Value.Of(inner)]))),
        };

        // Twice each: a table would answer the second with the string of the first.
        var atRest = Enumerable.Range(0, 2).Select(_ => RestForm.Read(RestForm.Write(state))).ToArray();
        var stored = Enumerable.Range(0, 2).Select(_ => StateCodec.Read(StoredState.Parser.ParseFrom(StateCodec.Write(state).ToByteArray()))).ToArray();

        foreach (var pair in new[] { atRest, stored })
        {
            States.AssertEqual(state, pair[0]);
            Assert.NotSame(pair[0].Tags[0].Evidence, pair[1].Tags[0].Evidence);
            Assert.NotSame(InnerName(pair[0].Profile["profile"]), InnerName(pair[1].Profile["profile"]));
            Assert.NotSame(InnerName(pair[0].Profile["list"].AsList()[0]), InnerName(pair[1].Profile["list"].AsList()[0]));
        }
    }

    [Fact]
    public void Names_that_callers_choose_take_no_place_of_a_strategys_names()
    {
        var (attribute, purpose, channel, action) = ("attribute-" + Unique(), "purpose-" + Unique(), "channel-" + Unique(), "action-" + Unique());
        var state = CustomerState.Empty with
        {
            Profile = PropertyMap.Of((attribute, Value.Of(1))),
            Context = PropertyMap.Of((attribute, Value.Of(2))),
            Contacts = [new(Outcome.Clicked, "issue", "group", action, "web", DateTimeOffset.UnixEpoch, "id")],
            Consents = [new(purpose, channel, ConsentStatus.Granted, DateTimeOffset.UnixEpoch, "")],
        };

        _ = RestForm.Read(RestForm.Write(StateCodec.Read(StateCodec.Write(state))));

        foreach (var name in new[] { attribute, purpose, channel, action })
        {
            var another = new string(name.AsSpan());
            Assert.NotSame(another, Shared.GivenNames.One(another));
            Assert.Same(another, Shared.Names.One(another));
        }
    }

    private static string Unique() => Guid.NewGuid().ToString("N");

    private static string InnerName(Value value) => value.AsMap().Entries[0].Key;
}
