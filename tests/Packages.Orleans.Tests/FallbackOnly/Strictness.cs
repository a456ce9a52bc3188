using System.Collections.Immutable;
using Orleans.Serialization;

namespace Decisioning.PackageTests.FallbackOnly;

/// <summary>
/// What the real packages refuse when they compile, copy, or lose: with the fallback it fails when a reference is made,
/// and says which member is at fault and what to do.
/// </summary>
public sealed class Strictness(ClusterFixture cluster)
{
    [Theory]
    [InlineData(typeof(ITakes<WithoutId>), "`Decisioning.PackageTests.FallbackOnly.WithoutId.Text` has no [Id(n)]")]
    [InlineData(typeof(ITakes<WithoutAlias>), "WithoutAlias` has no [Alias(")]
    [InlineData(typeof(ITakes<Mutable>), "Mutable` has no [Immutable]")]
    [InlineData(typeof(ITakes<SameIds>), "`Decisioning.PackageTests.FallbackOnly.SameIds.Second` has number 0")]
    [InlineData(typeof(ITakes<HoldsList>), "can be changed by its receiver; use ImmutableArray")]
    [InlineData(typeof(ITakes<int[]>), "can be changed by its receiver; use ImmutableArray")]
    [InlineData(typeof(ITakes<Dictionary<string, int>>), "can be changed by its receiver; use ImmutableArray")]
    [InlineData(typeof(ITakes<HoldsFault>), "`Decisioning.PackageTests.FallbackOnly.WithoutId.Text` has no [Id(n)]")]
    [InlineData(typeof(ITakes<Open>), "`Decisioning.PackageTests.FallbackOnly.Open+Case.Number` has no [Id(n)]")]
    [InlineData(typeof(IGives<WithoutId>), "result of `Decisioning.PackageTests.FallbackOnly.IGives")]
    [InlineData(typeof(ITakes<Action>), "is not a message")]
    public void A_message_that_breaks_a_rule_is_named_with_its_cure(Type grainInterface, string fault)
    {
        var exception = Assert.Throws<CodecNotFoundException>(() => cluster.Client.GetGrain(grainInterface, "a"));
        Assert.Contains(fault, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(IHasProperty), "is a property")]
    [InlineData(typeof(IReturnsVoid), "a grain method returns Task, ValueTask or IAsyncEnumerable")]
    [InlineData(typeof(IHasTwoTokens), "more than one cancellation token")]
    public void An_interface_that_breaks_a_rule_is_refused(Type grainInterface, string fault)
    {
        var exception = Assert.Throws<InvalidOperationException>(() => cluster.Client.GetGrain(grainInterface, "a"));
        Assert.Contains(fault, exception.Message, StringComparison.Ordinal);
    }
}

public interface ITakes<T> : IGrainWithStringKey
{
    Task Take(T value);
}

public interface IGives<T> : IGrainWithStringKey
{
    Task<T> Give();
}

public interface IHasProperty : IGrainWithStringKey
{
    Task<int> Number { get; }
}

public interface IReturnsVoid : IGrainWithStringKey
{
    void Do();
}

public interface IHasTwoTokens : IGrainWithStringKey
{
    Task Do(CancellationToken one, CancellationToken two);
}

[GenerateSerializer, Immutable, Alias("f.without-id")]
public sealed record WithoutId(string Text);

[GenerateSerializer, Immutable]
public sealed record WithoutAlias([property: Id(0)] string Text);

[GenerateSerializer, Alias("f.mutable")]
public sealed class Mutable
{
    [Id(0)]
    public string Text { get; set; } = "";
}

[GenerateSerializer, Immutable, Alias("f.same-ids")]
public sealed record SameIds([property: Id(0)] string First, [property: Id(0)] string Second);

[GenerateSerializer, Immutable, Alias("f.holds-list")]
public sealed record HoldsList([property: Id(0)] List<string> Texts);

[GenerateSerializer, Immutable, Alias("f.holds-fault")]
public sealed record HoldsFault([property: Id(0)] ImmutableArray<WithoutId> Inner);

[GenerateSerializer, Immutable, Alias("f.open")]
public abstract record Open
{
    [GenerateSerializer, Immutable, Alias("f.open.case")]
    public sealed record Case(int Number) : Open;
}
