using Decisioning.Engine.Customers;
using Decisioning.Gateway.Services;

namespace Decisioning.Gateway.Tests.Services;

public sealed class CustomerOrderTests
{
    private static readonly CustomerKey Ann = CustomerKey.User("shop", "ann");
    private static readonly CustomerKey Bob = CustomerKey.User("shop", "bob");

    private readonly CustomerOrder _order = new();
    private readonly List<string> _started = [];

    [Fact]
    public async Task Calls_of_one_customer_run_one_after_another_and_hold_up_nobody_else()
    {
        var (first, second, other) = (new TaskCompletionSource<int>(), new TaskCompletionSource<int>(), new TaskCompletionSource<int>());
        var calls = new[] { Call(Ann, "ann 1", first), Call(Ann, "ann 2", second), Call(Bob, "bob 1", other) };
        Assert.Equal(["ann 1", "bob 1"], _started);

        first.SetResult(1);
        await calls[0];
        second.SetResult(2);
        Assert.Equal(2, await calls[1]);
        Assert.Equal(["ann 1", "bob 1", "ann 2"], _started);
        other.SetResult(3);
        await calls[2];
    }

    [Fact]
    public async Task A_call_goes_on_after_one_that_failed()
    {
        var first = new TaskCompletionSource<int>();
        var (failing, next) = (Call(Ann, "1", first), Call(Ann, "2", Done(2)));
        first.SetException(new InvalidOperationException("down"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        Assert.Equal(2, await next);
    }

    [Fact]
    public async Task A_reader_waits_for_what_is_under_way_and_nothing_waits_for_it()
    {
        var (write, read) = (new TaskCompletionSource<int>(), new TaskCompletionSource<int>());
        var writing = Call(Ann, "write", write);
        var reading = Read(Ann, "read", read);
        var other = Read(Bob, "other's read", Done(1));
        Assert.Equal(["write", "other's read"], _started);
        Assert.Equal(1, await other);

        write.SetResult(1);
        await writing;
        Assert.Equal(3, await Call(Ann, "next write", Done(3)));
        read.SetResult(2);
        Assert.Equal(2, await reading);
    }

    [Fact]
    public async Task Few_are_kept_of_calls_that_ended()
    {
        for (var i = 0; i < 1000; i++)
        {
            Assert.InRange(_order.Count, 0, CustomerOrder.EndedMax);
            var gate = new TaskCompletionSource<int>();
            var calls = Enumerable.Range(0, 3).Select(n => Call(CustomerKey.User("shop", $"c{i}"), $"{n}", n == 0 ? gate : Done(n))).ToList();
            gate.SetResult(0);
            await Task.WhenAll(calls);
        }
    }

    [Fact]
    public async Task At_most_as_many_ended_calls_are_kept_as_are_under_way()
    {
        var gates = Enumerable.Range(0, 200).Select(_ => new TaskCompletionSource<int>()).ToList();
        var open = gates.Select((gate, i) => Call(CustomerKey.User("shop", $"open{i}"), "", gate)).ToList();
        for (var i = 0; i < 1000; i++)
        {
            var ending = new TaskCompletionSource<int>();
            var call = Call(CustomerKey.User("shop", $"c{i}"), "", ending);
            ending.SetResult(0);
            await call;
            Assert.InRange(_order.Count, gates.Count, 2 * (gates.Count + 1));
        }

        gates.ForEach(gate => gate.SetResult(0));
        await Task.WhenAll(open);
    }

    private Task<int> Call(CustomerKey key, string name, TaskCompletionSource<int> answer) => _order.After(key, (name, answer), Begin);

    private Task<int> Read(CustomerKey key, string name, TaskCompletionSource<int> answer) => _order.Behind(key, (name, answer), Begin);

    private Task<int> Begin((string Name, TaskCompletionSource<int> Answer) call)
    {
        _started.Add(call.Name);
        return call.Answer.Task;
    }

    private static TaskCompletionSource<int> Done(int value)
    {
        var done = new TaskCompletionSource<int>();
        done.SetResult(value);
        return done;
    }
}
