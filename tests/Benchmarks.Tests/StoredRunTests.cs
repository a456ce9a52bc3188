using Decisioning.Benchmarks.Micro;

namespace Decisioning.Benchmarks.Tests;

public sealed class StoredRunTests
{
    private static readonly MicroResult[] _base = [new("fold", 1_000, 1_000), new("decide", 5_000, 0)];

    [Fact]
    public void A_run_reads_as_it_was_written()
    {
        var file = Path.GetTempFileName();
        StoredRun.Write(file, _base);
        Assert.Equal(_base, StoredRun.Read(file));
        File.Delete(file);
    }

    [Fact]
    public void A_run_that_takes_longer_is_no_worse() => Assert.False(StoredRun.Compare(_base, [_base[0] with { Nanoseconds = 9_000 }, _base[1]]).IsWorse);

    [Theory, InlineData(1_000, false), InlineData(1_020, false), InlineData(1_040, true), InlineData(500, false)]
    public void A_run_is_worse_when_something_allocates_clearly_more(double bytes, bool isWorse) =>
        Assert.Equal(isWorse, StoredRun.Compare(_base, [_base[0] with { Bytes = bytes }, _base[1]]).IsWorse);

    [Fact]
    public void What_allocated_nothing_may_not_begin_to() => Assert.True(StoredRun.Compare(_base, [_base[0], _base[1] with { Bytes = 24 }]).IsWorse);

    [Fact]
    public void What_is_new_and_what_is_gone_is_said()
    {
        var (lines, isWorse) = StoredRun.Compare(_base, [_base[0], new("encode", 10, 10_000)]);
        Assert.False(isWorse);
        Assert.Contains(lines, line => line.StartsWith("| encode ", StringComparison.Ordinal) && line.EndsWith("| new |", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("| decide ", StringComparison.Ordinal) && line.EndsWith("| gone |", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_no_run_is_refused_with_its_cure()
    {
        var file = Path.GetTempFileName();
        Assert.Contains("bench --save", Assert.Throws<InvalidDataException>(() => StoredRun.Read(file)).Message, StringComparison.Ordinal);
        File.Delete(file);
    }
}
