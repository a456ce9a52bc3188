using Decisioning.Cli.Play;
using Decisioning.Engine.Strategies;
using Decisioning.LoadTests.Data;
using FsCheck;
using FsCheck.Fluent;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Tests;

public sealed class DataTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("load-data-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_nth_number_of_a_Zipf_distribution_comes_as_often_as_one_in_n()
    {
        var (zipf, counts) = (new Zipf(1000, 1), new int[1000]);
        for (var i = 0; i < 1_000_000; i++)
        {
            counts[zipf.Pick((i + 0.5) / 1_000_000)]++;
        }

        // The harmonic number of 1,000 is 7.4855.
        Assert.All(new[] { 1, 2, 3, 10, 100, 1000 }, n => Assert.Equal(1_000_000 / 7.4854709 / n, counts[n - 1], 1.5));
    }

    [Fact]
    public void Every_share_of_chance_stands_for_a_number() => Prop.ForAll(Gen.Choose(1, 300).ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (count, share) =>
    {
        var picked = new Zipf(count).Pick(share / (double)int.MaxValue);
        return picked >= 0 && picked < count;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Chance_is_even_and_a_function_of_what_it_is_for()
    {
        var (counts, sum) = (new int[10], 0.0);
        for (var number = 0L; number < 100_000; number++)
        {
            var draw = new Draw(7, 1, number);
            counts[draw.Below(10)]++;
            sum += draw.Share();
        }

        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
        Assert.InRange(sum, 49_500, 50_500);
        Assert.Equal(new Draw(7, 1, 42).Share(), new Draw(7, 1, 42).Share());
        Assert.Equal(3, new[] { new Draw(8, 1, 42), new Draw(7, 2, 42), new Draw(7, 1, 42) }.Select(draw => draw.Share()).Distinct().Count());
    }

    [Fact]
    public void A_world_is_the_same_for_the_same_seed_and_another_for_another()
    {
        Assert.Equal(Histories(new World(1, 50, Now)), Histories(new World(1, 50, Now)));
        Assert.NotEqual(Histories(new World(1, 50, Now)), Histories(new World(2, 50, Now)));
    }

    [Fact]
    public void A_history_is_in_order_of_time_ends_before_now_and_names_no_event_twice()
    {
        var world = new World(3, 2_000, Now);
        var lengths = Enumerable.Range(0, world.Customers).Select(customer =>
        {
            var events = world.History(customer).ToList();
            var times = events.ConvertAll(e => e.Timestamp.ToDateTimeOffset());
            Assert.Equal(times.Order(), times);
            Assert.True(times[^1] <= Now && times[0] >= Now.AddDays(-30));
            Assert.Equal(events.Count, events.Select(e => e.MessageId).Distinct().Count());
            Assert.Equal(Api.EventType.Identify, events[0].Type);
            return events.Count - 1;
        }).Order().ToList();

        Assert.InRange(lengths[1_000], 1, 5);
        Assert.InRange(lengths.Count(length => length > 40), 10, 60);
    }

    [Fact]
    public void Files_hold_what_play_reads()
    {
        var world = new World(1, 20, Now);

        var lines = DataFiles.Write(world, 1, _folder).SelectMany(File.ReadLines).Select(PlayLine.Read).ToList();

        Assert.Equal(Enumerable.Range(0, 20).SelectMany(world.History).Select(e => e.MessageId), lines.OfType<PlayLine.Track>().Take(Enumerable.Range(0, 20).Sum(c => world.History(c).Count())).Select(line => line.Event.MessageId));
        Assert.Equal(36, lines.OfType<PlayLine.Decide>().Count());
    }

    [Fact]
    public void The_strategy_under_load_compiles_and_has_the_size_it_says()
    {
        var (strategy, errors) = StrategyCompiler.Compile(LoadStrategy.Source, 1);

        Assert.Empty(errors);
        Assert.Equal((100, 300, 100), (strategy!.Features.Length, strategy.Rules.Length, strategy.Actions.Length));
    }

    private static string[] Histories(World world) => [.. Enumerable.Range(0, world.Customers).SelectMany(world.History).Select(e => e.ToString())];
}
