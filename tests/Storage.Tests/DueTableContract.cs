using System.Collections.Immutable;
using Decisioning.Engine.Customers;

namespace Decisioning.Storage.Tests;

/// <summary>What every adapter promises of the due table.</summary>
public abstract class DueTableContract
{
    private static readonly DateTimeOffset Noon = Samples.Start;

    private readonly Samples _samples = new(seed: 2);

    /// <summary>The store under test.</summary>
    protected abstract ICustomerLog Log { get; }

    /// <summary>The same store.</summary>
    protected abstract IDueTable Due { get; }

    [Fact]
    public async Task A_customer_has_no_row_until_an_append_sets_one()
    {
        await AppendAsync(Samples.Customer(), 0, null);
        Assert.Null(await RowOfAsync(Samples.Customer()));

        await AppendAsync(Samples.Customer(), 1, Noon);
        Assert.Equal(Noon, await RowOfAsync(Samples.Customer()));
    }

    [Fact]
    public async Task An_append_sets_the_row_to_an_earlier_or_later_instant_or_leaves_it_as_it_is()
    {
        await AppendAsync(Samples.Customer(), 0, Noon);
        await AppendAsync(Samples.Customer(), 1, Noon.AddMinutes(-1));
        Assert.Equal(Noon.AddMinutes(-1), await RowOfAsync(Samples.Customer()));

        await AppendAsync(Samples.Customer(), 2, Noon.AddDays(1));
        await AppendAsync(Samples.Customer(), 3, null);
        Assert.Equal(Noon.AddDays(1), await RowOfAsync(Samples.Customer()));
    }

    [Fact]
    public async Task An_instant_comes_back_to_the_microsecond_in_universal_time()
    {
        var at = new DateTimeOffset(2026, 3, 1, 23, 59, 59, TimeSpan.FromHours(-5)).AddMicroseconds(123_457);
        await AppendAsync(Samples.Customer(), 0, at);

        Assert.Equal((at, TimeSpan.Zero), (await RowOfAsync(Samples.Customer()), (await RowOfAsync(Samples.Customer()))!.Value.Offset));
        Assert.Equal([at], (await AllDueAsync(at)).Select(due => due.DueAt));
        Assert.Empty(await AllDueAsync(at.AddMicroseconds(-1)));
    }

    [Fact]
    public async Task An_append_that_is_refused_leaves_the_row_as_it_was()
    {
        var written = _samples.Events(0, 1);
        await Log.AppendAsync(Samples.Customer(), 0, written, Noon, CancellationToken.None);

        await Log.AppendAsync(Samples.Customer(), 0, _samples.Events(0, 1), Noon.AddDays(-1), CancellationToken.None);
        await Log.AppendAsync(Samples.Customer(), 1, [_samples.Event(2, written[0].Event.MessageId)], Noon.AddDays(-1), CancellationToken.None);

        Assert.Equal(Noon, await RowOfAsync(Samples.Customer()));
    }

    [Fact]
    public async Task Due_customers_are_answered_up_to_an_instant_earliest_first_page_by_page()
    {
        int[] minutes = [5, 3, 9, 3, 1, 3, 7, 2, 3, 11, 3];
        for (var i = 0; i < minutes.Length; i++)
        {
            await AppendAsync(Samples.Customer(i), 0, Noon.AddMinutes(minutes[i]));
        }

        var due = await AllDueAsync(Noon.AddMinutes(9), pageSize: 2);

        // One part answers customers of one instant in the order they came; several parts each in theirs.
        Assert.Equal([1, 2, 3, 3, 3, 3, 3, 5, 7, 9], due.Select(row => (int)(row.DueAt - Noon).TotalMinutes).Order());
        Assert.Equal(due.Count, due.Select(row => row.Customer).Distinct().Count());
        for (var shard = 0; shard < Due.Shards; shard++)
        {
            var rows = await Due.DueAsync(shard, null, Noon.AddMinutes(9), 100, CancellationToken.None);
            Assert.Equal(rows.OrderBy(row => row.DueAt).ThenBy(row => row.Number), rows);
            Assert.Equal(rows.Take(2), await Due.DueAsync(shard, null, Noon.AddMinutes(9), 2, CancellationToken.None));
        }
    }

    [Fact]
    public async Task Settling_moves_or_removes_a_row_only_where_it_was_seen()
    {
        await AppendAsync(Samples.Customer(), 0, Noon);

        await Due.SettleAsync(Samples.Customer(), 1, Noon.AddMicroseconds(1), Noon.AddDays(1), CancellationToken.None);
        await Due.SettleAsync(Samples.Customer(), 1, Noon.AddMicroseconds(1), null, CancellationToken.None);
        Assert.Equal(Noon, await RowOfAsync(Samples.Customer()));

        await Due.SettleAsync(Samples.Customer(), 1, Noon, Noon.AddDays(1), CancellationToken.None);
        Assert.Equal(Noon.AddDays(1), await RowOfAsync(Samples.Customer()));

        await Due.SettleAsync(Samples.Customer(), 1, Noon.AddDays(1), null, CancellationToken.None);
        Assert.Null(await RowOfAsync(Samples.Customer()));
        Assert.Empty(await AllDueAsync(Noon.AddYears(1)));
    }

    [Theory, InlineData(0), InlineData(1), InlineData(3)]
    public async Task Settling_by_one_who_knows_another_end_of_the_log_moves_nothing(long believed)
    {
        await AppendAsync(Samples.Customer(), 0, Noon);
        await AppendAsync(Samples.Customer(), 1, null);

        await Due.SettleAsync(Samples.Customer(), believed, Noon, Noon.AddDays(1), CancellationToken.None);
        await Due.SettleAsync(Samples.Customer(), believed, Noon, null, CancellationToken.None);

        Assert.Equal(Noon, await RowOfAsync(Samples.Customer()));
    }

    [Fact]
    public async Task Settling_a_row_that_is_not_there_makes_none()
    {
        await AppendAsync(Samples.Customer(1), 0, null);

        await Due.SettleAsync(Samples.Customer(1), 1, Noon, Noon.AddDays(1), CancellationToken.None);
        await Due.SettleAsync(Samples.Customer(2), 0, Noon, Noon.AddDays(1), CancellationToken.None);

        Assert.Empty(await AllDueAsync(Noon.AddYears(1)));
    }

    [Theory]
    [InlineData(10, 1000)]
    [InlineData(3600, 2)]
    public async Task Spreading_gives_each_customer_of_the_tenant_an_instant_within_the_span_and_moves_no_row_later(int overSeconds, int eachMilliseconds)
    {
        const int Customers = 2300;
        var keys = Enumerable.Range(0, Customers).Select(Samples.Customer).ToArray();
        var early = Noon.AddDays(-1);
        await Task.WhenAll(keys.Select((key, i) => AppendAsync(key, 0, (i % 3) switch { 0 => null, 1 => early, _ => Noon.AddDays(30) })));
        await AppendAsync(CustomerKey.User("default0", "other"), 0, null);
        await AppendAsync(CustomerKey.User("defaul", "other"), 0, Noon.AddDays(30));
        var spread = new DueSpread("default", 1, Noon, TimeSpan.FromSeconds(overSeconds), TimeSpan.FromMilliseconds(eachMilliseconds));

        var given = await Due.SpreadAsync(spread, CancellationToken.None);

        Assert.Equal(Customers, given);
        var rows = (await AllDueAsync(Noon.AddDays(1))).ToDictionary(due => due.Customer, due => due.DueAt);
        Assert.Equal(keys.ToHashSet(), rows.Keys.ToHashSet());
        for (var i = 0; i < Customers; i++)
        {
            Assert.True(i % 3 == 1 ? rows[keys[i]] == early : rows[keys[i]] >= Noon && rows[keys[i]] <= Noon + Earlier(spread, Customers), $"customer {i} is due at {rows[keys[i]]:O}");
        }

        // Not all at once: no more than a hundredth of them within a hundredth of the span.
        var instants = rows.Values.Where(at => at >= Noon).Order().ToArray();
        Assert.True(instants.Length > 1000 && instants.Distinct().Count() == instants.Length);
    }

    [Fact]
    public async Task Spreading_is_done_once_for_a_version_and_again_for_the_next()
    {
        await AppendAsync(Samples.Customer(1), 0, null);
        var spread = new DueSpread("default", 3, Noon, TimeSpan.FromHours(1), TimeSpan.FromMilliseconds(2));
        Assert.Equal(1, await Due.SpreadAsync(spread, CancellationToken.None));
        await Due.SettleAsync(Samples.Customer(1), 1, (await RowOfAsync(Samples.Customer(1)))!.Value, null, CancellationToken.None);

        Assert.Equal(0, await Due.SpreadAsync(spread, CancellationToken.None));
        Assert.Equal(0, await Due.SpreadAsync(spread with { Version = 2 }, CancellationToken.None));
        Assert.Equal(0, await Due.SpreadAsync(spread with { Tenant = "other" }, CancellationToken.None));
        Assert.Null(await RowOfAsync(Samples.Customer(1)));

        Assert.Equal(1, await Due.SpreadAsync(spread with { Version = 4 }, CancellationToken.None));
        Assert.NotNull(await RowOfAsync(Samples.Customer(1)));
    }

    private static TimeSpan Earlier(DueSpread spread, int customers) =>
        spread.Each * (customers + 2) < spread.Over ? spread.Each * (customers + 2) : spread.Over;

    private async Task<List<DueCustomer>> AllDueAsync(DateTimeOffset until, int pageSize = 1000)
    {
        var all = new List<DueCustomer>();
        for (var shard = 0; shard < Due.Shards; shard++)
        {
            ImmutableArray<DueCustomer> page;
            DueCustomer? last = null;
            do
            {
                page = await Due.DueAsync(shard, last, until, pageSize, CancellationToken.None);
                all.AddRange(page);
                last = page.IsEmpty ? null : page[^1];
            }
            while (page.Length == pageSize);
        }

        return all;
    }

    private async Task<DateTimeOffset?> RowOfAsync(CustomerKey customer) => (await Log.LoadAsync(customer, Noon, CancellationToken.None)).DueAt;

    private async Task AppendAsync(CustomerKey customer, long expected, DateTimeOffset? dueAt) => Assert.Equal(
        AppendResult.Done, await Log.AppendAsync(customer, expected, [_samples.Event(expected + 1, $"due-{expected}")], dueAt, CancellationToken.None));
}
