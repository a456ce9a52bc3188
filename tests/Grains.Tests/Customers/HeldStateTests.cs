using Decisioning.Engine.Customers;
using Decisioning.Grains.Customers;
using Decisioning.Storage;

namespace Decisioning.Grains.Tests.Customers;

public sealed class HeldStateTests
{
    [Fact]
    public void A_state_that_went_to_rest_reads_the_same()
    {
        var (states, state) = (new OpenStates(10), Filled());
        var held = new HeldState(states) { Value = state };
        Assert.True(held.TryRest());
        Assert.NotSame(state, held.Value);
        Assert.True(StoredForm.AreSame(state, held.Value));
    }

    [Fact]
    public void A_state_that_is_asked_for_again_is_not_opened_twice()
    {
        var held = new HeldState(new(10)) { Value = Filled() };
        Assert.True(held.TryRest());
        Assert.Same(held.Value, held.Value);
    }

    [Fact]
    public void A_state_set_after_one_was_opened_is_what_goes_to_rest()
    {
        var held = new HeldState(new(10)) { Value = Filled() };
        Assert.True(held.TryRest());
        held.Value = held.Value with { Sequence = 8 };
        Assert.True(held.TryRest());
        Assert.Equal(8, held.Value.Sequence);
    }

    [Fact]
    public void Of_more_states_than_may_be_open_those_asked_for_lately_stay_open()
    {
        var states = new OpenStates(3);
        var asked = new HeldState(states) { Value = Filled() };
        var once = asked.Value;
        for (var i = 0; i < 100; i++)
        {
            _ = new HeldState(states) { Value = Filled() };
            Assert.Same(once, asked.Value);
        }

        Assert.Equal(3, states.Count);
    }

    [Fact]
    public void A_state_that_nobody_asks_for_goes_to_rest_when_others_are_opened()
    {
        var states = new OpenStates(3);
        var (left, state) = (new HeldState(states), Filled());
        left.Value = state;
        for (var i = 0; i < 10; i++)
        {
            _ = new HeldState(states) { Value = Filled() };
        }

        Assert.NotSame(state, left.Value);
    }

    [Fact]
    public async Task No_state_is_lost_while_others_are_put_to_rest_at_the_same_time()
    {
        var states = new OpenStates(2);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            HeldState[] mine = [.. Enumerable.Range(0, 3).Select(_ => new HeldState(states) { Value = Filled() })];
            for (var sequence = 8; sequence < 5_000; sequence++)
            {
                var held = mine[sequence % mine.Length];
                var before = held.Value;
                held.Value = before with { Sequence = sequence };
                Assert.Equal(sequence, held.Value.Sequence);
                Assert.True(before.Sequence == 7 || before.Sequence == sequence - mine.Length, $"{before.Sequence} came before {sequence}");
            }
        })));
        Assert.Equal(2, states.Count);
    }

    private static CustomerState Filled() => new() { Sequence = 7, RulesHeld = ["a", "b"], FoldedWith = "hash" };
}
