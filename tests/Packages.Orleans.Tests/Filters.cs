namespace Decisioning.PackageTests;

public sealed class Filters(ClusterFixture cluster)
{
    private readonly IGrainFactory _grains = cluster.Client;

    [Fact]
    public async Task A_filter_sees_the_call_its_arguments_and_its_result()
    {
        var name = Gates.NewName();
        Assert.Equal(3, await _grains.GetGrain<IFilteredGrain>(name).Add(1, 2));
        Assert.Equal(["before Add filtered 1 2", "own before", "own after", "after 3"], Notes.Of(name));
    }

    [Fact]
    public async Task A_filter_may_change_an_argument_and_the_result()
    {
        var grain = _grains.GetGrain<IFilteredGrain>(Gates.NewName());
        Assert.Equal(110, await grain.Add(NotingFilter.ArgumentToReplace, 10));
        Assert.Equal(-1, await grain.Add(NotingFilter.ResultToReplace, 0));
    }

    [Fact]
    public async Task A_filter_sees_the_exception_and_lets_it_pass()
    {
        var name = Gates.NewName();
        await Assert.ThrowsAsync<InvalidOperationException>(() => _grains.GetGrain<IFilteredGrain>(name).Fail());
        Assert.Equal(["before Fail filtered", "own before", "failed InvalidOperationException"], Notes.Of(name));
    }

    [Fact]
    public async Task A_filter_runs_on_the_turn_of_the_grain()
    {
        var name = Gates.NewName();
        Assert.True(await _grains.GetGrain<IFilteredGrain>(name).SameScheduler());
    }
}

/// <summary>Notes the calls of one interface; knows a few numbers that it replaces.</summary>
public sealed class NotingFilter : IIncomingGrainCallFilter
{
    public const int ArgumentToReplace = 666;
    public const int ResultToReplace = 667;

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.InterfaceMethod?.DeclaringType != typeof(IFilteredGrain))
        {
            await context.Invoke();
            return;
        }

        var name = context.TargetId.Key.ToString()!;
        var arguments = Enumerable.Range(0, context.Request.GetArgumentCount()).Select(i => $" {context.Request.GetArgument(i)}");
        Notes.Add(name, $"before {context.MethodName} {context.TargetId.Type}{string.Concat(arguments)}");
        FilteredGrain.FilterScheduler = TaskScheduler.Current;
        var first = context.Request.GetArgumentCount() > 0 ? context.Request.GetArgument(0) : null;
        if (first is ArgumentToReplace)
        {
            context.Request.SetArgument(0, 100);
        }

        try
        {
            await context.Invoke();
        }
        catch (Exception exception)
        {
            Notes.Add(name, $"failed {exception.GetType().Name}");
            throw;
        }

        if (first is ResultToReplace)
        {
            context.Result = -1;
        }

        Notes.Add(name, $"after {context.Result}");
    }
}

[Alias("t.filtered")]
public interface IFilteredGrain : IGrainWithStringKey
{
    [Alias("add")]
    Task<int> Add(int left, int right);

    [Alias("fail")]
    Task Fail();

    [Alias("same-scheduler")]
    ValueTask<bool> SameScheduler();
}

public sealed class FilteredGrain : Grain, IFilteredGrain, IIncomingGrainCallFilter
{
    [ThreadStatic]
    private static TaskScheduler? _filterScheduler;

    public static TaskScheduler? FilterScheduler
    {
        set => _filterScheduler = value;
    }

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        Notes.Add(this.GetPrimaryKeyString(), "own before");
        await context.Invoke();
        Notes.Add(this.GetPrimaryKeyString(), "own after");
    }

    public async Task<int> Add(int left, int right)
    {
        await Task.Yield();
        return left + right;
    }

    public Task Fail() => throw new InvalidOperationException("fails");

    public ValueTask<bool> SameScheduler() => new(_filterScheduler == TaskScheduler.Current);
}
