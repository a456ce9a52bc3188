using Decisioning.Engine.Customers;
using Decisioning.Grains.Customers;
using Decisioning.Storage;
using Decisioning.Storage.Resting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Decisioning.Grains.Tests.Customers;

public sealed class HeldStateTests
{
    private static readonly TimeSpan BoundedWait = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_state_that_went_to_rest_reads_the_same()
    {
        var (states, state) = (States(10), Filled());
        var held = new HeldState(states) { Value = state };
        Assert.True(held.TryRest());
        Assert.NotSame(state, held.Value);
        Assert.True(StoredForm.AreSame(state, held.Value));
    }

    [Fact]
    public void A_state_that_is_asked_for_again_is_not_opened_twice()
    {
        var held = new HeldState(States(10)) { Value = Filled() };
        Assert.True(held.TryRest());
        Assert.Same(held.Value, held.Value);
    }

    [Fact]
    public void A_state_set_after_one_was_opened_is_what_goes_to_rest()
    {
        var held = new HeldState(States(10)) { Value = Filled() };
        Assert.True(held.TryRest());
        held.Value = held.Value with { Sequence = 8 };
        Assert.True(held.TryRest());
        Assert.Equal(8, held.Value.Sequence);
    }

    [Fact]
    public void Of_more_states_than_may_be_open_those_asked_for_lately_stay_open()
    {
        var states = States(3);
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
        var states = States(3);
        var (left, state) = (new HeldState(states), Filled());
        left.Value = state;
        for (var i = 0; i < 10; i++)
        {
            _ = new HeldState(states) { Value = Filled() };
        }

        Assert.NotSame(state, left.Value);
    }

    [Fact]
    public void States_opened_once_do_not_push_out_those_that_were_open_before()
    {
        var states = States(80);
        var open = Open(states, 70);
        var once = Open(states, 1_000);

        Assert.All(open, held => Assert.True(held is { IsListed: true, IsAtRest: false }));
        Assert.Equal(80, states.Count);
        Assert.All(once[..^10], held => Assert.True(held is { IsListed: false, IsAtRest: true }));
        Assert.All(once[^10..], held => Assert.True(held is { IsListed: true, IsAtRest: false }));
    }

    [Fact]
    public void A_state_that_is_opened_again_soon_is_among_those_that_stay_open()
    {
        var states = States(80);
        var others = Open(states, 70);
        var again = new HeldState(states) { Value = Filled() };
        Open(states, 20);
        Assert.True(again.IsAtRest);

        var opened = again.Value;
        Open(states, 1_000);

        Assert.Same(opened, again.Value);
        Assert.Equal(69, others.Count(held => held is { IsListed: true, IsAtRest: false }));
        Assert.Equal(80, states.Count);
    }

    [Fact]
    public void A_state_that_is_opened_again_after_many_others_counts_as_opened_once()
    {
        var states = States(80);
        var others = Open(states, 70);
        var again = new HeldState(states) { Value = Filled() };
        Open(states, 50);
        _ = again.Value;
        Open(states, 20);

        Assert.True(again.IsAtRest);
        Assert.All(others, held => Assert.True(held is { IsListed: true, IsAtRest: false }));
    }

    [Fact]
    public void Who_leaves_the_queue_makes_room_in_it()
    {
        var states = States(80);
        Open(states, 70);
        var queued = Open(states, 10);
        queued[3].Leave();
        queued[3].Leave();
        Assert.Equal((79, false), (states.Count, queued[3].IsListed));

        Open(states, 10);
        Assert.Equal(80, states.Count);
        Assert.All(queued, held => Assert.False(held.IsListed));
    }

    [Fact]
    public void The_sequence_of_a_state_at_rest_is_told_without_opening_it()
    {
        var held = new HeldState(States(10));
        Assert.Equal(0, held.Sequence);
        held.Value = Filled();
        Assert.True(held.TryRest());

        Assert.Equal(7, held.Sequence);
        Assert.True(held.IsAtRest);
    }

    [Fact]
    public void Who_leaves_is_open_no_more_and_takes_nobodys_place()
    {
        var states = States(3);
        HeldState[] held = [.. Enumerable.Range(0, 3).Select(_ => new HeldState(states) { Value = Filled() })];
        held[0].Leave();
        held[2].Leave();
        held[2].Leave();
        Assert.Equal(1, states.Count);

        var others = Enumerable.Range(0, 2).Select(_ => new HeldState(states) { Value = Filled() }).ToArray();
        Assert.All([held[1], .. others], stays => Assert.True(stays is { IsListed: true, IsAtRest: false }));

        // The places are those of who is there: each of them can lose its own.
        var more = Enumerable.Range(0, 10).Select(_ => new HeldState(states) { Value = Filled() }).ToArray();
        Assert.Equal(3, states.Count);
        Assert.Equal(3, more.Count(one => one is { IsListed: true, IsAtRest: false }));
        Assert.All([held[1], .. others], left => Assert.True(left is { IsListed: false, IsAtRest: true }));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public async Task No_state_is_lost_while_others_are_put_to_rest_at_the_same_time(int max)
    {
        var states = States(max);
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
        Assert.Equal(max, states.Count);
    }

    [Fact]
    public void A_state_that_is_set_while_it_goes_to_rest_stays_open_and_listed()
    {
        HeldState? first = null;
        var (isSet, wasListed) = (false, true);
        var states = States(1, state =>
        {
            if (!isSet)
            {
                (isSet, wasListed) = (true, first!.IsListed);
                first.Value = Filled() with { Sequence = 8 };
            }

            return RestForm.Write(state);
        });
        first = new(states) { Value = Filled() };
        var second = new HeldState(states) { Value = Filled() };

        // Whoever opens it from here on must find it unlisted, or nobody lists it.
        Assert.False(wasListed);
        Assert.Equal((true, 1), (isSet, states.Count));
        Assert.Equal((first.IsListed, second.IsListed), (!first.IsAtRest, !second.IsAtRest));
        Assert.NotEqual(first.IsListed, second.IsListed);
        Assert.Equal(8, first.Value.Sequence);
    }

    [Fact]
    public void A_state_that_cannot_be_written_stays_open_and_listed_and_is_nobody_elses_failure()
    {
        var bad = Filled() with { Sequence = 13 };
        var states = States(2, state => state.Sequence == 13 ? throw new InvalidOperationException("not this one") : RestForm.Write(state));
        var held = new HeldState(states) { Value = bad };

        HeldState[] others = [.. Enumerable.Range(0, 5).Select(_ => new HeldState(states) { Value = Filled() })];

        Assert.Equal(2, states.Count);
        Assert.Same(bad, held.Value);
        Assert.True(held.IsListed);
        Assert.Single(others, other => other.IsListed);
        Assert.All(others, other => Assert.Equal(other.IsListed, !other.IsAtRest));
    }

    [Fact]
    public void When_no_state_can_be_written_all_stay_open()
    {
        var states = States(2, _ => throw new InvalidOperationException("none"));
        HeldState[] all = [.. Enumerable.Range(0, 5).Select(_ => new HeldState(states) { Value = Filled() })];
        Assert.Equal(5, states.Count);
        Assert.All(all, held => Assert.True(held.IsListed && !held.IsAtRest));
    }

    [Fact]
    public void A_state_is_opened_while_another_is_being_written()
    {
        OpenStates? states = null;
        var (writes, isOpened) = (0, false);
        states = States(1, state =>
        {
            // Of another thread: one that waited for who is written would wait for ever. What this throws is caught: it is told afterwards.
            if (Interlocked.Increment(ref writes) == 1)
            {
                isOpened = Task.Run(() => new HeldState(states!) { Value = Filled() }).Wait(BoundedWait);
            }

            return RestForm.Write(state);
        });
        _ = new HeldState(states) { Value = Filled() };
        _ = new HeldState(states) { Value = Filled() };
        Assert.True(isOpened);
        Assert.Equal(1, states.Count);
    }

    private static HeldState[] Open(OpenStates states, int count) => [.. Enumerable.Range(0, count).Select(_ => new HeldState(states) { Value = Filled() })];

    private static OpenStates States(int max, Func<CustomerState, byte[]>? write = null) => new(max, write ?? RestForm.Write, NullLogger.Instance);

    private static CustomerState Filled() => new() { Sequence = 7, RulesHeld = ["a", "b"], FoldedWith = "hash" };
}
