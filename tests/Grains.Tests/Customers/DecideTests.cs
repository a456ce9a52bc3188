using Decisioning.Contracts;
using Decisioning.Engine.Customers;
using Decisioning.Grains.Tests.Support;
using Decisioning.Storage;
using Decisioning.Tests.Shared;

namespace Decisioning.Grains.Tests.Customers;

[Collection(typeof(SharedEngine))]
public sealed class DecideTests(TestEngine engine)
{
    [Fact]
    public async Task A_decision_does_not_wait_for_a_commit_under_way()
    {
        var ann = await engine.CustomerAsync();
        await ann.RecordAsync(ann.Viewed("a"));
        var held = engine.Store.Log.Hold(ann.Key);
        var recording = ann.RecordAsync(ann.Viewed("b"));
        await held.Arrived;

        var reply = await ann.AskAsync("q");
        var view = await ann.ViewAsync();

        Assert.Equal(1, reply.Sequence);
        Assert.Equal("welcome", Assert.Single(reply.Decision!.Items).Action);
        Assert.Equal(1, view.Sequence);
        Assert.False(recording.IsCompleted);
        held.Release();
        Assert.Equal(2, (await recording).Sequence);
        Assert.Equal(2, (await ann.AskAsync("q2")).Sequence);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task A_question_that_names_a_sequence_waits_for_the_end_of_the_commit_that_is_to_bring_it(bool fails, long reached)
    {
        // It would wait for longer than a call may take: nothing but the commit ends it.
        await using var store = TestStore.Opened();
        await using var patient = await TestEngine.StartAsync(store, new TestClock(), configure: options => options.SequenceWaitMax = TimeSpan.FromMinutes(1));
        var ann = await patient.CustomerAsync();
        var held = store.Log.Hold(ann.Key);
        if (fails)
        {
            store.Log.Fail(ann.Key, GatedLog.Failure.BeforeWrite);
        }

        var recording = ann.RecordAsync(ann.Viewed("a"));
        await held.Arrived;
        var asking = ann.AskAsync("q", minSequence: 1);
        var viewing = ann.Grain.ViewAsync(new(1)).AsTask();
        await ann.AskAsync("other");
        Assert.False(asking.IsCompleted);
        Assert.False(viewing.IsCompleted);
        held.Release();

        Assert.Equal((reached, fails), ((await asking).Sequence, (await asking).Decision is null));
        Assert.Equal((reached, fails), ((await viewing).Sequence, (await viewing).View is null));
        Assert.Equal(fails, await Record.ExceptionAsync(() => recording) is StoreUnavailableException);
    }

    [Fact]
    public async Task A_question_for_a_sequence_that_nothing_brings_is_answered_with_the_sequence_reached()
    {
        var ann = await engine.CustomerAsync();
        await ann.RecordAsync(ann.Viewed("a"));
        var held = engine.Store.Log.Hold(ann.Key);
        var recording = ann.RecordAsync(ann.Viewed("b"));
        await held.Arrived;

        var beyond = await ann.AskAsync("beyond", minSequence: 3);
        var inVain = await ann.AskAsync("in vain", minSequence: 2);

        Assert.Equal((1, null), (beyond.Sequence, beyond.Decision));
        Assert.Equal((1, null), (inVain.Sequence, inVain.Decision));
        Assert.Null((await ann.Grain.ViewAsync(new(3))).View);
        held.Release();
        await recording;
    }

    [Fact]
    public async Task Two_decisions_in_a_row_cannot_break_a_cap_together()
    {
        var ann = await engine.CustomerAsync();
        await ann.RecordAsync(ann.Viewed("a"));

        Assert.Equal("welcome", await ann.ActionsAsync("q1"));
        Assert.Equal("", await ann.ActionsAsync("q2"));
    }

    [Fact]
    public async Task A_dry_run_counts_against_no_cap_and_is_not_recorded()
    {
        var ann = await engine.CustomerAsync();
        await ann.RecordAsync(ann.Viewed("a"));

        Assert.Equal("welcome", await ann.ActionsAsync("dry", dryRun: true));
        Assert.Equal("welcome", await ann.ActionsAsync("wet"));

        // The next commit carries the decisions made before it.
        await ann.RecordAsync(ann.Viewed("b"));
        var records = await engine.Store.Decisions.ReadAsync(ann.Key, default).ToListAsync();
        Assert.Equal("wet", Assert.Single(records).Request.RequestId);
    }

    [Fact]
    public async Task A_question_asked_again_gets_the_same_answer_and_counts_once()
    {
        var ann = await engine.CustomerAsync();
        await ann.RecordAsync(ann.Viewed("a"));

        var first = (await ann.AskAsync("q")).Decision!;
        var again = (await ann.AskAsync("q")).Decision!;

        Assert.Equal((first.DecisionId, first.Seed), (again.DecisionId, again.Seed));
        Assert.Equal("welcome", Assert.Single(again.Items).Action);
    }

    [Fact]
    public async Task An_open_offer_stops_counting_when_it_expires()
    {
        var ann = await engine.CustomerAsync();
        await ann.RecordAsync(ann.Viewed("a"));
        Assert.Equal("welcome", await ann.ActionsAsync("q1"));

        engine.Clock.Advance(TimeSpan.FromHours(25));

        Assert.Equal("welcome", await ann.ActionsAsync("q2"));
    }

    [Fact]
    public async Task A_response_binds_the_very_next_decision()
    {
        var ann = await engine.CustomerAsync();
        await ann.RecordAsync(ann.Viewed("a"));
        var decision = (await ann.AskAsync("q1")).Decision!;

        await ann.RecordAsync(ann.Response("r", decision, Outcome.Impression));
        engine.Clock.Advance(TimeSpan.FromDays(2));

        // The offer has expired, the impression counts for its week.
        Assert.Equal("", await ann.ActionsAsync("q2"));
        engine.Clock.Advance(TimeSpan.FromDays(4));
        await ann.RecordAsync(ann.Viewed("b"));
        Assert.Equal("", await ann.ActionsAsync("q3"));
        engine.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal("welcome", await ann.ActionsAsync("q4"));
    }
}
