using Decisioning.Engine.Customers;
using Decisioning.Engine.Policies;
using Decisioning.Storage.Resting;

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
        Assert.Same(Shared.Name(one), Shared.Name(other));
    }
}
