using Decisioning.Benchmarks.Memory;

namespace Decisioning.Benchmarks.Tests;

public sealed class ObjectGraphTests
{
    [Fact]
    public void An_object_weighs_what_the_runtime_allocates_for_it()
    {
        foreach (var make in new Func<object>[] { () => new object(), () => new byte[13], () => new long[5], () => new string('x', 7), () => new Node(null), () => new KeyValuePair<string, long>[3] })
        {
            GC.KeepAlive(make());
            var before = GC.GetAllocatedBytesForCurrentThread();
            var made = make();
            Assert.Equal(GC.GetAllocatedBytesForCurrentThread() - before, ObjectGraph.SizeOf(made));
        }
    }

    [Fact]
    public void A_walk_meets_each_object_once_and_goes_round_in_no_circle()
    {
        var shared = new Node(null);
        shared.Next = new Node(shared);
        List<object> met = [];
        new ObjectGraph().Walk(new object?[] { shared, shared, new KeyValuePair<int, Node>(1, new Node(shared)), null }, (thing, _) => met.Add(thing));
        Assert.Equal(3, met.OfType<Node>().Count());
        Assert.Equal(met.Count, met.Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    private sealed class Node(Node? next)
    {
        public Node? Next { get; set; } = next;
    }
}
