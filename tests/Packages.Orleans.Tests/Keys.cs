using Orleans.Runtime;

namespace Decisioning.PackageTests;

public sealed class Keys(ClusterFixture cluster)
{
    private readonly IGrainFactory _grains = cluster.Client;

    [Fact]
    public async Task A_string_key_comes_back() =>
        Assert.Equal("acme/käse+1", await _grains.GetGrain<INamedGrain>("acme/käse+1").Key());

    [Fact]
    public async Task A_guid_key_comes_back()
    {
        var key = Guid.NewGuid();
        Assert.Equal(key.ToString(), await _grains.GetGrain<IGuidGrain>(key).Key());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public async Task An_integer_key_comes_back(long key) =>
        Assert.Equal(key.ToString(), await _grains.GetGrain<INumberGrain>(key).Key());

    [Fact]
    public async Task A_compound_guid_key_comes_back_in_two_parts()
    {
        var key = Guid.NewGuid();
        Assert.Equal($"{key}|ext+2", await _grains.GetGrain<IGuidCompoundGrain>(key, "ext+2").Key());
    }

    [Fact]
    public async Task A_compound_integer_key_comes_back_in_two_parts() =>
        Assert.Equal("-7|ext", await _grains.GetGrain<INumberCompoundGrain>(-7, "ext").Key());

    [Fact]
    public void An_id_is_written_as_type_and_key()
    {
        Assert.Equal("named/a", _grains.GetGrain<INamedGrain>("a").GetGrainId().ToString());
        Assert.Equal("number/FF", _grains.GetGrain<INumberGrain>(255).GetGrainId().ToString());
        Assert.Equal("numbercompound/1+x", _grains.GetGrain<INumberCompoundGrain>(1, "x").GetGrainId().ToString());
        Assert.Equal("renamed/a", _grains.GetGrain<IRenamedGrain>("a").GetGrainId().ToString());
    }

    [Fact]
    public void An_id_can_be_read_back()
    {
        var id = GrainId.Parse("named/a/b");
        Assert.Equal(("named", "a/b"), (id.Type.ToString(), id.Key.ToString()));
        Assert.False(GrainId.TryParse("named", out _));
        Assert.Throws<ArgumentException>(() => GrainId.Parse("named"));
    }

    [Fact]
    public async Task A_reference_can_be_made_of_an_id_and_the_name_of_an_interface()
    {
        var any = (GrainReference)(IAddressable)_grains.GetGrain<INamedGrain>("any");
        var named = (INamedGrain)_grains.GetGrain(GrainId.Create(any.GrainId.Type, "acme/käse+2"), any.InterfaceType);
        Assert.Equal(_grains.GetGrain<INamedGrain>("acme/käse+2"), named);
        Assert.Equal("acme/käse+2", await named.Key());
    }

    [Fact]
    public void References_of_the_same_grain_are_equal()
    {
        Assert.Equal(_grains.GetGrain<INamedGrain>("a"), _grains.GetGrain<INamedGrain>("a"));
        Assert.NotEqual(_grains.GetGrain<INamedGrain>("a"), _grains.GetGrain<INamedGrain>("b"));
        Assert.Equal(_grains.GetGrain<INamedGrain>("a").GetHashCode(), _grains.GetGrain<INamedGrain>("a").GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(null)]
    public void An_empty_key_is_refused(string? key) => Assert.ThrowsAny<ArgumentException>(() => _grains.GetGrain<INamedGrain>(key!));

    [Fact]
    public void An_interface_that_no_class_implements_is_refused() =>
        Assert.Throws<ArgumentException>(() => _grains.GetGrain<INobodysGrain>("a"));

    [Fact]
    public async Task A_reference_can_be_had_by_id_and_by_type()
    {
        var id = _grains.GetGrain<INamedGrain>("by-id").GetGrainId();
        Assert.Equal("by-id", await _grains.GetGrain<INamedGrain>(id).Key());
        Assert.Equal("by-type", await ((INamedGrain)_grains.GetGrain(typeof(INamedGrain), "by-type")).Key());
    }

    [Fact]
    public async Task A_grain_hands_out_a_reference_to_itself()
    {
        var reference = await _grains.GetGrain<INamedGrain>("self").Self();
        Assert.Equal("self", await reference.Key());
        Assert.Equal("self", reference.GetPrimaryKeyString());
        Assert.Equal("self", await reference.AsReference<INamedGrain>().Key());
    }

    [Fact]
    public async Task A_grain_class_may_have_several_interfaces()
    {
        var named = _grains.GetGrain<INamedGrain>("two-faces");
        Assert.Equal("other two-faces", await named.AsReference<IOtherFace>().Name());
    }

    [Fact]
    public async Task A_grain_need_not_derive_from_the_base_class() =>
        Assert.Equal("poco/p p", await _grains.GetGrain<IPocoGrain>("p").Describe());
}

[Alias("t.named")]
public interface INamedGrain : IGrainWithStringKey
{
    [Alias("key")]
    Task<string> Key();

    [Alias("self")]
    Task<INamedGrain> Self();
}

[Alias("t.other-face")]
public interface IOtherFace : IGrainWithStringKey
{
    [Alias("name")]
    ValueTask<string> Name();
}

public sealed class NamedGrain : Grain, INamedGrain, IOtherFace
{
    public Task<string> Key() => Task.FromResult(this.GetPrimaryKeyString());

    public Task<INamedGrain> Self() => Task.FromResult(this.AsReference<INamedGrain>());

    public ValueTask<string> Name() => new("other " + this.GetPrimaryKeyString());
}

[Alias("t.renamed")]
public interface IRenamedGrain : IGrainWithStringKey;

[GrainType("renamed")]
public sealed class SomethingElseGrain : Grain, IRenamedGrain;

[Alias("t.nobody")]
public interface INobodysGrain : IGrainWithStringKey;

[Alias("t.guid")]
public interface IGuidGrain : IGrainWithGuidKey
{
    [Alias("key")]
    Task<string> Key();
}

public sealed class GuidGrain : Grain, IGuidGrain
{
    public Task<string> Key() => Task.FromResult(this.GetPrimaryKey().ToString());
}

[Alias("t.number")]
public interface INumberGrain : IGrainWithIntegerKey
{
    [Alias("key")]
    Task<string> Key();
}

public sealed class NumberGrain : Grain, INumberGrain
{
    public Task<string> Key() => Task.FromResult(this.GetPrimaryKeyLong().ToString());
}

[Alias("t.guid-compound")]
public interface IGuidCompoundGrain : IGrainWithGuidCompoundKey
{
    [Alias("key")]
    Task<string> Key();
}

public sealed class GuidCompoundGrain : Grain, IGuidCompoundGrain
{
    public Task<string> Key() => Task.FromResult($"{this.GetPrimaryKey(out var extension)}|{extension}");
}

[Alias("t.number-compound")]
public interface INumberCompoundGrain : IGrainWithIntegerCompoundKey
{
    [Alias("key")]
    Task<string> Key();
}

public sealed class NumberCompoundGrain : Grain, INumberCompoundGrain
{
    public Task<string> Key() => Task.FromResult($"{this.GetPrimaryKeyLong(out var extension)}|{extension}");
}

[Alias("t.poco")]
public interface IPocoGrain : IGrainWithStringKey
{
    [Alias("describe")]
    Task<string> Describe();
}

public sealed class PocoGrain(IGrainContext context) : IGrainBase, IPocoGrain
{
    private string _activated = "";

    public IGrainContext GrainContext => context;

    public Task OnActivateAsync(CancellationToken token)
    {
        _activated = this.GetPrimaryKeyString();
        return Task.CompletedTask;
    }

    public Task<string> Describe() => Task.FromResult($"{context.GrainId} {_activated}");
}
