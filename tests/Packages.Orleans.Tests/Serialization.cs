using System.Collections.Immutable;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Serialization.Configuration;
using Orleans.TestingHost;

namespace Decisioning.PackageTests;

public sealed class Serialization(ClusterFixture cluster)
{
    private readonly IGrainFactory _grains = cluster.Client;

    [Fact]
    public async Task A_message_comes_back_equal_in_all_its_members()
    {
        var order = new Order(
            new("c-1"),
            [new("a", 1, 2.5m), new("b", 2, 0m)],
            ImmutableSortedDictionary<string, Scalar>.Empty
                .Add("flag", Scalar.Of("text"))
                .Add("list", Scalar.Of([Scalar.Of(1.5), Scalar.Of("x")])),
            new Condition.All([new Condition.AtLeast(3), new Condition.Not(new Condition.AtLeast(1))]),
            new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(2)),
            TimeSpan.FromMinutes(3),
            Kind.Second,
            null,
            7);
        var back = await _grains.GetGrain<IEchoGrain>(Gates.NewName()).Echo(order);
        Assert.Equal(order.ToText(), back.ToText());
    }

    [Fact]
    public async Task Plain_arguments_of_every_kind_come_back()
    {
        var grain = _grains.GetGrain<IEchoGrain>(Gates.NewName());
        var id = Guid.NewGuid();
        Assert.Equal($"{id} 1 2 True x Second 00:00:01 (3, y)", await grain.Plain(id, 1, 2.0, true, "x", Kind.Second, TimeSpan.FromSeconds(1), (3, "y")));
        Assert.Equal([1, 2, 3], await grain.Numbers([1, 2, 3]));
        Assert.Null(await grain.Maybe(null));
        Assert.Equal(5, await grain.Maybe(5));
    }

    [Fact]
    public async Task A_call_from_grain_to_grain_carries_messages_too() =>
        Assert.Equal("a", await _grains.GetGrain<IEchoGrain>(Gates.NewName()).Relay(new("a", 1, 1m)));

    [Fact]
    public void A_type_that_is_no_message_is_refused_when_the_reference_is_made() =>
        Assert.Throws<CodecNotFoundException>(() => _grains.GetGrain<INoMessageGrain>("a"));

    [Fact]
    public async Task A_silo_that_looks_refuses_to_start_with_a_type_that_is_no_message()
    {
        var builder = new InProcessTestClusterBuilder(1) { Options = { ConfigureFileLogging = false } };
        builder.ConfigureSilo((_, silo) => silo.Configure<TypeManifestOptions>(options => options.EnableConfigurationAnalysis = true));
        await using var refused = builder.Build();
        var exception = await Assert.ThrowsAsync<OrleansConfigurationException>(refused.DeployAsync);
        Assert.Contains(nameof(NoMessage), exception.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(INoMessageGrain), exception.Message, StringComparison.Ordinal);
    }
}

[GenerateSerializer, Alias("t.kind")]
public enum Kind
{
    First,
    Second,
}

[GenerateSerializer, Immutable, Alias("t.customer-key")]
public readonly record struct CustomerKey([property: Id(0)] string Value);

[GenerateSerializer, Immutable, Alias("t.line")]
public sealed record Line([property: Id(0)] string Name, [property: Id(1)] int Units, [property: Id(2)] decimal Price);

[GenerateSerializer, Immutable, Alias("t.condition")]
public abstract record Condition
{
    private Condition()
    {
    }

    [GenerateSerializer, Immutable, Alias("t.condition.all")]
    public sealed record All([property: Id(0)] ImmutableArray<Condition> Conditions) : Condition;

    [GenerateSerializer, Immutable, Alias("t.condition.not")]
    public sealed record Not([property: Id(0)] Condition Inner) : Condition;

    [GenerateSerializer, Immutable, Alias("t.condition.at-least")]
    public sealed record AtLeast([property: Id(0)] int Minimum) : Condition;

    public string ToText() => this switch
    {
        All all => $"all({string.Join(',', all.Conditions.Select(each => each.ToText()))})",
        Not not => $"not({not.Inner.ToText()})",
        AtLeast least => $">={least.Minimum}",
        _ => "?",
    };
}

/// <summary>A value of one of several kinds, as properties of events have them: private members, one of them an object.</summary>
[GenerateSerializer, Immutable, Alias("t.scalar")]
public readonly struct Scalar
{
    [Id(0)]
    private readonly byte _kind;

    [Id(1)]
    private readonly double _number;

    [Id(2)]
    private readonly object? _reference;

    private Scalar(byte kind, double number, object? reference) => (_kind, _number, _reference) = (kind, number, reference);

    public static Scalar Of(double number) => new(1, number, null);

    public static Scalar Of(string text) => new(2, 0, text);

    public static Scalar Of(ImmutableArray<Scalar> list) => new(3, 0, list);

    public string ToText() => _kind switch
    {
        1 => $"{_number}",
        2 => $"'{_reference}'",
        3 => $"[{string.Join(',', ((ImmutableArray<Scalar>)_reference!).Select(each => each.ToText()))}]",
        _ => "nothing",
    };
}

[GenerateSerializer, Immutable, Alias("t.order")]
public sealed record Order(
    [property: Id(0)] CustomerKey Customer,
    [property: Id(1)] ImmutableArray<Line> Lines,
    [property: Id(2)] ImmutableSortedDictionary<string, Scalar> Properties,
    [property: Id(3)] Condition Condition,
    [property: Id(4)] DateTimeOffset At,
    [property: Id(5)] TimeSpan Took,
    [property: Id(6)] Kind Kind,
    [property: Id(7)] string? Note,
    [property: Id(8)] long? Sequence)
{
    public string ToText() =>
        $"{Customer} {string.Join(';', Lines)} {string.Join(';', Properties.Select(each => $"{each.Key}={each.Value.ToText()}"))} {Condition.ToText()} {At:O} {Took} {Kind} {Note ?? "null"} {Sequence}";
}

[Alias("t.echo")]
public interface IEchoGrain : IGrainWithStringKey
{
    [Alias("echo")]
    Task<Order> Echo(Order order);

    [Alias("plain")]
    Task<string> Plain(Guid id, int number, double real, bool flag, string text, Kind kind, TimeSpan span, (int Number, string Text) pair);

    [Alias("numbers")]
    Task<ImmutableArray<int>> Numbers(ImmutableArray<int> numbers);

    [Alias("maybe")]
    ValueTask<int?> Maybe(int? number);

    [Alias("relay")]
    Task<string> Relay(Line line);

    [Alias("name")]
    ValueTask<string> Name(Line line);
}

public sealed class EchoGrain : Grain, IEchoGrain
{
    public Task<Order> Echo(Order order) => Task.FromResult(order);

    public Task<string> Plain(Guid id, int number, double real, bool flag, string text, Kind kind, TimeSpan span, (int Number, string Text) pair) =>
        Task.FromResult($"{id} {number} {real} {flag} {text} {kind} {span} {pair}");

    public Task<ImmutableArray<int>> Numbers(ImmutableArray<int> numbers) => Task.FromResult(numbers);

    public ValueTask<int?> Maybe(int? number) => new(number);

    public async Task<string> Relay(Line line) => await GrainFactory.GetGrain<IEchoGrain>(this.GetPrimaryKeyString() + "-next").Name(line);

    public ValueTask<string> Name(Line line) => new(line.Name);
}

/// <summary>No attributes: nothing says how it would cross a wire.</summary>
public sealed class NoMessage
{
    public string Text { get; set; } = "";
}

[Alias("t.no-message")]
public interface INoMessageGrain : IGrainWithStringKey
{
    [Alias("take")]
    Task Take(NoMessage message);
}

public sealed class NoMessageGrain : Grain, INoMessageGrain
{
    public Task Take(NoMessage message) => Task.CompletedTask;
}
