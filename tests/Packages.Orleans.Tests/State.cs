using System.Collections.Concurrent;
using Orleans.Runtime;
using Orleans.Storage;

namespace Decisioning.PackageTests;

public sealed class State(ClusterFixture cluster)
{
    private readonly IGrainFactory _grains = cluster.Client;

    [Theory]
    [InlineData("default")]
    [InlineData("dictionary")]
    public async Task A_written_state_is_there_after_a_new_activation(string storage)
    {
        var grain = Grain(storage, Gates.NewName());
        Assert.Equal(("", false), await grain.Read());
        await grain.Write("first");
        Assert.Equal(("first", true), await grain.Read());
        await grain.Change("second, not written");
        await grain.Leave();
        Assert.Equal(("first", true), await grain.Read());
    }

    [Theory]
    [InlineData("default")]
    [InlineData("dictionary")]
    public async Task A_cleared_state_is_empty_and_can_be_written_again(string storage)
    {
        var grain = Grain(storage, Gates.NewName());
        await grain.Write("first");
        await grain.Clear();
        Assert.Equal(("", false), await grain.Read());
        await grain.Write("second");
        await grain.Leave();
        Assert.Equal(("second", true), await grain.Read());
    }

    [Fact]
    public async Task A_write_over_a_version_not_seen_fails_and_ends_the_activation()
    {
        var name = Gates.NewName();
        var grain = Grain("dictionary", name);
        await grain.Write("first");
        DictionaryStorage.Overwrite($"{name}", "from elsewhere");
        await Assert.ThrowsAnyAsync<InconsistentStateException>(() => grain.Write("second"));
        Assert.Equal(("from elsewhere", true), await grain.Read());
    }

    [Fact]
    public async Task A_storage_that_fails_to_read_fails_the_activation()
    {
        var name = "broken-" + Gates.NewName();
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => Grain("dictionary", name).Read());
        Assert.Contains("out of order", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_state_is_out_of_reach_outside_a_turn() =>
        Assert.Equal("InvalidOperationException", await Grain("default", Gates.NewName()).ReadOutside());

    private IStateGrain Grain(string storage, string name) => storage == "default"
        ? _grains.GetGrain<IStateGrain>(name, "Decisioning.PackageTests.StateGrain")
        : _grains.GetGrain<IStateGrain>(name, "Decisioning.PackageTests.DictionaryStateGrain");
}

[GenerateSerializer, Alias("t.memo")]
public sealed class Memo
{
    [Id(0)]
    public string Text { get; set; } = "";
}

[Alias("t.state")]
public interface IStateGrain : IGrainWithStringKey
{
    [Alias("read")]
    Task<(string Text, bool Exists)> Read();

    [Alias("write")]
    Task Write(string text);

    [Alias("change")]
    Task Change(string text);

    [Alias("clear")]
    Task Clear();

    [Alias("leave")]
    Task Leave();

    [Alias("read-outside")]
    Task<string> ReadOutside();
}

public abstract class StateGrainBase(IPersistentState<Memo> memo) : Grain, IStateGrain
{
    public Task<(string Text, bool Exists)> Read() => Task.FromResult((memo.State.Text, memo.RecordExists));

    public Task Write(string text)
    {
        memo.State.Text = text;
        return memo.WriteStateAsync();
    }

    public Task Change(string text)
    {
        memo.State = new() { Text = text };
        return Task.CompletedTask;
    }

    public Task Clear() => memo.ClearStateAsync();

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<string> ReadOutside() => Task.Run(() =>
    {
        try
        {
            return memo.State.Text;
        }
        catch (Exception exception)
        {
            return exception.GetType().Name;
        }
    });
}

public sealed class StateGrain([PersistentState("memo")] IPersistentState<Memo> memo) : StateGrainBase(memo);

public sealed class DictionaryStateGrain([PersistentState("memo", "dictionary")] IPersistentState<Memo> memo) : StateGrainBase(memo);

/// <summary>A storage of our own, as an application may bring it; shared by the silos.</summary>
public sealed class DictionaryStorage : IGrainStorage
{
    private static readonly ConcurrentDictionary<string, (string Text, int Version)> Records = new();

    /// <summary>Writes past the grain, as another activation would.</summary>
    public static void Overwrite(string key, string text) => Records.AddOrUpdate(key, (text, 1), (_, old) => (text, old.Version + 1));

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = grainId.Key.ToString()!;
        if (key.StartsWith("broken", StringComparison.Ordinal))
        {
            throw new InvalidOperationException("out of order");
        }

        var found = Records.TryGetValue(key, out var record);
        grainState.State = (T)(object)new Memo { Text = record.Text ?? "" };
        grainState.ETag = found ? $"{record.Version}" : null;
        grainState.RecordExists = found;
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = grainId.Key.ToString()!;
        Check(key, grainState.ETag);
        var version = Records.AddOrUpdate(key, (Text(grainState), 1), (_, old) => (Text(grainState), old.Version + 1)).Version;
        grainState.ETag = $"{version}";
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = grainId.Key.ToString()!;
        Check(key, grainState.ETag);
        Records.TryRemove(key, out _);
        grainState.State = (T)(object)new Memo();
        grainState.ETag = null;
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }

    private static string Text<T>(IGrainState<T> state) => ((Memo)(object)state.State!).Text;

    private static void Check(string key, string? etag)
    {
        var stored = Records.TryGetValue(key, out var record) ? $"{record.Version}" : null;
        if (stored != etag)
        {
            throw new InconsistentStateException("written by another", stored, etag);
        }
    }
}
