using Decisioning.Engine.Customers;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Tests.Customers;
using Decisioning.Engine.Tests.Strategies;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Timing;

public sealed class ForesightTests
{
    private static readonly DateTimeOffset _start = History.Start;

    private static readonly Strategy _strategy = Fragments.CompiledWhole("""
        strategy: foresight
        timezone: Europe/Berlin
        profile:
          birthday: date
          expires:  timestamp
          timezone: string
        events:
          View:  { price: double }
          Order: { total: double }
        features:
          views_2h:  { count: View, within: 2h }
          views_3d:  { count: View, within: 3d }
          spend_5h:  { sum: event.total, of: Order, within: 5h }
          orders:    { count: Order }
          last:      { last: Order }
          last_9h:   { last: Order, within: 9h }
          first_7h:  { first: View, within: 7h }
          dear_4h:   { distinct: event.price, of: View, within: 4h }
          price_6h:  { last: event.price, of: View, within: 6h }
          since:     { recency: View }
          since_11h: { recency: Order, within: 11h }
          hours:     { recency: Order, in: hours }
          band:      { recency: View, bands: [2h, 9h] }
          spells:    { sessions: any, gap: 20m, within: 8h }
          waiting:   { sequence: [Order], without: View, within: 3h, for: 2h }
          left:      { sequence: [View, View], without: Order, within: 80m }
          mean_4h:   { avg: event.price, of: View, within: 4h }
          least_5h:  { min: event.price, of: View, within: 5h }
          top_8h:    { top: event.price, of: View, within: 8h }
          trend_3h:  { trend: View, within: 3h }
        segments:
          busy:      features.views_2h >= 2
          lapsing:   features.orders > 0 && now - features.last > duration("26h")
          expiring:  profile.expires != null && profile.expires - now < duration("40h") && now < profile.expires
          day:       now.hour >= 9 && now.hour < 20 && features.views_3d > 0
          weekend:   now.weekday >= 6
          eve:       calendar.days_until("feast") == 1 || calendar.feast
          warm:      (grade("lead") >= "mql" || scores.heat > 3.5) && !segments.lapsing
          quiet:     features.since > duration("5h") && features.since < duration("8h")
          odd:       features.views_2h >= 4 && now.minute % 7 == 3
          grown:     age(profile.birthday) >= 18
          mixed:     (segments.busy || features.dear_4h >= 2) && (segments.day || !segments.weekend)
          never:     features.views_3d > 1000 && now.hour > 3
          bought:    features.last_9h != null && !(features.since_11h > duration("3h"))
          stale:     features.hours > 7 && features.hours <= 20
          banded:    features.band == 2
          lively:    features.spells >= 2
          waits:     features.waiting
          dropped:   features.left && features.mean_4h > 30.0
          extreme:   features.least_5h < 20.0 || features.top_8h > 90.0
          rising:    features.trend_3h > 1.2
          birthday:  birthday(profile.birthday) || days_until_annual(profile.birthday) == 3
          soon:      days_until(profile.expires) <= 1 && calendar.days_since("feast") > 1
          newest:    features.price_6h > 50.0 && features.first_7h < now - duration("2h")
        scores:
          lead: { half_life: 20h, cap: 100, points: [ { on: View, add: 10 }, { on: Order, add: 31 } ], grades: { mql: 30, sql: 60, hysteresis: 5 } }
          heat: { half_life: 3h, points: [ { on: View, add: 1.7 } ] }
        journey:
          find:    { enter: true, exit: stages.look.in, re_enter: { after: 6h } }
          look:    { enter: features.views_2h >= 2, exit: features.views_2h == 0 && features.since > duration("3h"), min_dwell: 4h, timeout: { after: 30h, to: rest }, re_enter: { after: 5h, at_most: 9 } }
          conquer: { enter: grade("lead") >= "mql", exit: grade("lead") == "none", re_enter: true }
          rest:    { enter: segments.lapsing, exit: now - stages.rest.entered_at >= duration("12h"), re_enter: { after: 1d } }
        rules:
          - { id: keen, behaviour: features.views_2h >= 2, then: [ { tag: { name: keen, expires: 7h } } ] }
          - { id: morning, behaviour: features.views_3d > 0, time: now.hour >= 8 && now.hour < 9, then: [ { tag: { name: morning, expires: 90m } } ] }
          - { id: absent, behaviour: features.since >= duration("13h") || tags.keen && segments.quiet, then: [ { trigger: miss-you } ] }
          - { id: last-call, profile: profile.expires < now + duration("3h"), then: [ { tag: { name: last_call } } ] }
          - { id: on-seen, on: Segment Left, behaviour: event.segment == "busy", then: [ { tag: { name: was_busy, expires: 45m } } ] }
          - { id: views, behaviour: event.price > 10.0, then: [ { tag: { name: dear, expires: 1h } } ] }
          - { id: steps, behaviour: stages.look.in && now > stages.look.entered_at + duration("1h"), then: [ { tag: { name: looked, expires: 3h } } ] }
        calendars:
          feast: { days: [03-05, "03-08..03-09", 2nd sunday of march], every: FREQ=WEEKLY;BYDAY=TU, until: 2027-01-01 }
        """);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nothing_changes_before_the_instant_that_is_foreseen(int seed)
    {
        var random = new Random(seed);
        var state = CustomerState.Empty;
        var (wakes, useful) = (0, 0);
        foreach (var e in Events(random, 50))
        {
            while (Waking.NextAt(state, _strategy, e.Timestamp) is { } next && next < e.Timestamp)
            {
                Assert.True(next > state.AsOf(), $"seed {seed}: {next:O} is not after {state.AsOf():O}");
                AssertQuiet(state, next, random, seed);
                (var before, state) = (state, Wake(state, next).Next);
                wakes++;
                useful += Memory(before) != Memory(state) ? 1 : 0;
            }

            if (state.AsOf() is not null)
            {
                AssertQuiet(state, e.Timestamp, random, seed, isForeseen: false);
            }

            state = state.Record(_strategy, e).Next;
        }

        // A wake that finds nothing is allowed, but they are few.
        Assert.True(useful >= 0.8 * wakes, $"seed {seed}: {useful} of {wakes} wakes found something");
        Assert.True(useful > 20, $"seed {seed}: only {useful} wakes found something");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_events_do_not_touch_changes_no_earlier_than_was_foreseen_before_them(int seed)
    {
        var random = new Random(seed);
        var state = CustomerState.Empty;
        DateTimeOffset? row = null;
        var left = 0;
        foreach (var e in Events(random, 50))
        {
            // As the engine does it: a row that only events move earlier, and that is looked up anew when it is reached.
            while (row < e.Timestamp)
            {
                AssertQuiet(state, row.Value, random, seed, isForeseen: false);
                state = Wake(state, row.Value).Next;
                row = Waking.NextAt(state, _strategy, e.Timestamp);
            }

            if (state.AsOf() is not null)
            {
                AssertQuiet(state, e.Timestamp, random, seed, isForeseen: false);
            }

            var recording = state.Record(_strategy, e);
            var earlier = Waking.NextBefore(recording, _strategy, e.Timestamp, row);
            Assert.True(earlier is null || row is null || earlier < row, $"seed {seed}: {earlier:O} is not before {row:O}");
            var all = Waking.NextAt(recording.Next, _strategy, e.Timestamp);
            Assert.True(all is null || (earlier ?? row) <= all, $"seed {seed}: {earlier ?? row:O} is later than {all:O}, which asking for everything finds");
            (state, row, left) = (recording.Next, earlier ?? row, left + (earlier is null ? 1 : 0));
        }

        Assert.True(left > 5, $"seed {seed}: only {left} events left the row as it was");
    }

    [Fact]
    public void Everything_of_the_strategy_comes_and_goes_by_time_alone()
    {
        var told = new HashSet<string>();
        for (var seed = 1; seed <= 40; seed++)
        {
            var state = CustomerState.Empty;
            foreach (var e in Events(new Random(seed), 50))
            {
                while (Waking.NextAt(state, _strategy, e.Timestamp) is { } next && next < e.Timestamp)
                {
                    var woken = Wake(state, next);
                    told.UnionWith(woken.Changes.Select(change => $"{change.Kind} {change.Name}"));
                    state = woken.Next;
                }

                state = state.Record(_strategy, e).Next;
            }
        }

        Assert.Empty(_strategy.Segments.Where(segment => segment.Name is not ("never" or "lapsing" or "grown")).Select(segment => $"SegmentLeft {segment.Name}").Except(told));
        Assert.Empty(new[] { "lapsing", "day", "weekend", "eve", "quiet", "odd", "grown", "birthday", "soon", "expiring", "dropped", "stale", "banded", "waits" }.Select(name => $"SegmentEntered {name}").Except(told));
        Assert.Empty(new[] { "StageEntered find", "StageEntered rest", "StageExited look", "StageExited conquer", "GradeChanged lead", "TagExpired looked", "TagGiven morning", "Triggered miss-you" }.Except(told));
    }

    [Fact]
    public void Nobody_is_woken_for_what_cannot_come()
    {
        var strategy = Fragments.CompiledWhole("""
            strategy: still
            events: { View: {} }
            features: { views: { count: View }, views_1d: { count: View, within: 1d } }
            segments: { busy: features.views_1d > 100 && now.hour >= 9 }
            rules: [ { id: offered, time: now.hour >= 9, behaviour: features.views > 3, then: [ { tag: { name: t } } ] } ]
            """);
        var state = History.Fold(strategy, [History.Event("View", _start, "a")]);

        Assert.Null(Waking.NextAt(state, strategy, _start));
        Assert.Null(Waking.NextAt(CustomerState.Empty, strategy, _start));
    }

    [Fact]
    public void A_customer_who_has_not_met_the_strategy_is_due_at_once()
    {
        var state = History.Fold(_strategy, [History.Event("View", _start, "a")]) with { FoldedWith = "another" };

        Assert.Equal(_start.AddDays(3), Waking.NextAt(state, _strategy, _start.AddDays(3)));
    }

    [Theory]
    [InlineData("features.views > 0")]
    [InlineData("features.views > 0 && event.price > 1.0")]
    public void A_customer_who_met_the_strategy_when_time_passed_is_not_woken_for_it_again(string condition)
    {
        var strategy = Fragments.CompiledWhole($$"""
            strategy: next
            events: { View: { price: double } }
            features: { views: { count: View } }
            rules: [ { id: viewer, behaviour: "{{condition}}", then: [ { tag: { name: viewer } } ] } ]
            """);
        var state = History.Fold(_strategy, [History.Event("View", _start, "a", ("price", Value.Of(2.0)))]);

        var met = Waking.Plan(state, strategy, _start.AddDays(3), _start.AddDays(3), Limits.WakesAtOnceMax);

        Assert.Single(met.Accepted);
        Assert.Null(Waking.NextAt(met.Next, strategy, _start.AddDays(3)));
        var next = met.Next.Record(strategy, History.Event("View", _start.AddDays(4), "b", ("price", Value.Of(2.0)))).Next;
        Assert.Contains("viewer", next.Tags.Select(tag => tag.Name));
    }

    [Theory]
    [InlineData("Time Passed")]
    [InlineData("Stage Entered")]
    [InlineData("Stage Exited")]
    [InlineData("Segment Entered")]
    [InlineData("Segment Left")]
    [InlineData("Grade Changed")]
    public void Nobody_outside_can_send_what_the_engine_makes(string name)
    {
        var recording = CustomerState.Empty.Record(_strategy, History.Event(name, _start, "a"));

        Assert.Equal(RecordStatus.Rejected, recording.Outcomes[0].Status);
        Assert.Contains("made by the engine", recording.Outcomes[0].Violations[0].Description, StringComparison.Ordinal);
    }

    // Up to an instant, a wake at any other changes nothing.
    private static void AssertQuiet(CustomerState state, DateTimeOffset until, Random random, int seed, bool isForeseen = true)
    {
        var from = state.AsOf()!.Value;
        var length = until - from;
        var probes = Enumerable.Range(0, 6).Select(_ => from + (length * random.NextDouble()));
        if (isForeseen)
        {
            probes = probes.Append(until - TimeSpan.FromMicroseconds(1));
        }

        foreach (var probe in probes.Where(probe => probe > from && probe < until))
        {
            // A step right after an event also takes up what changed after its turn; the instant of that is not time's.
            var woken = Wake(state, probe);
            Assert.True(
                Memory(woken.Next) == Memory(state) || NextIsFollowUp(state),
                $"seed {seed}: at {probe:O}, before {until:O}, {string.Join(", ", woken.Changes.Select(change => $"{change.Kind} {change.Name}"))}: {Memory(state)} became {Memory(woken.Next)}");
        }
    }

    private static bool NextIsFollowUp(CustomerState state) =>
        Waking.NextAt(state, _strategy, default) is { } next && next <= state.AsOf()!.Value + Limits.FollowUp;

    private static Recording Wake(CustomerState state, DateTimeOffset at) => state.Record(_strategy, Waking.EventAt(at, at));

    private static string Memory(CustomerState state) => string.Join(" | ",
        string.Join(' ', state.Stages),
        string.Join(' ', state.Segments),
        string.Join(' ', state.Tags),
        string.Join(' ', state.Scores.Select(score => score.Grade)),
        string.Join(' ', state.RulesHeld));

    private static IEnumerable<CustomerEvent> Events(Random random, int count)
    {
        var at = _start.AddMinutes(random.Next(5000));
        for (var i = 0; i < count; i++)
        {
            at += TimeSpan.FromSeconds(random.Next(5) switch { 0 => random.Next(200_000), 1 => random.Next(40_000), _ => random.Next(4000) });
            yield return random.Next(9) switch
            {
                0 => History.Identify(at, $"m{i}", ("expires", Value.Of(at.AddSeconds(random.Next(300_000)))), ("birthday", Value.Of($"{at.Year - 18}-{at.AddDays(1):MM-dd}"))),
                1 or 2 => History.Event("Order", at, $"m{i}", ("total", Value.Of(random.Next(100) / 2.0))),
                3 when random.Next(3) == 0 => History.Identify(at, $"m{i}", ("timezone", Value.Of(random.Next(2) == 0 ? "Asia/Kathmandu" : "America/New_York"))),
                _ => History.Event("View", at, $"m{i}", ("price", Value.Of((double)random.Next(100)))),
            };
        }
    }
}
