using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Providers;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>Makes the persistent states that a grain's constructor asks for.</summary>
internal static class PersistentStates
{
    public static object Create(Activation activation, ParameterInfo parameter, PersistentStateAttribute attribute)
    {
        var type = parameter.ParameterType;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new ArgumentException($"parameter `{parameter.Name}` has [PersistentState] and is not an IPersistentState");
        }

        var storage = (attribute.StorageName is { Length: > 0 } name
                ? activation.Silo.Services.GetKeyedService<IGrainStorage>(name)
                : activation.Silo.Services.GetKeyedService<IGrainStorage>(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)
                    ?? activation.Silo.Services.GetService<IGrainStorage>())
            ?? throw new InvalidOperationException(
                $"No storage provider found for state `{attribute.StateName}`: register a grain storage named `{attribute.StorageName ?? ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME}`");
        return Activator.CreateInstance(
            typeof(PersistentState<>).MakeGenericType(type.GetGenericArguments()), attribute.StateName, activation, storage)!;
    }

    /// <summary>A new state: by its parameterless constructor, or empty where it has none.</summary>
    internal static T New<T>() => typeof(T).IsValueType || typeof(T) == typeof(string) ? default!
        : typeof(T).GetConstructor(Type.EmptyTypes) is not null ? Activator.CreateInstance<T>()
        : (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
}

/// <summary>A state and its storage. Operations of one state run one after the other.</summary>
internal sealed class PersistentState<T> : IPersistentState<T>, ILifecycleObserver
{
    private readonly string _name;
    private readonly Activation _activation;
    private readonly IGrainStorage _storage;
    private readonly GrainState<T> _state = new(PersistentStates.New<T>());
    private Task _last = Task.CompletedTask;
    private bool _loaded;

    public PersistentState(string name, Activation activation, IGrainStorage storage)
    {
        (_name, _activation, _storage) = (name, activation, storage);
        activation.ObservableLifecycle.Subscribe(name, GrainLifecycleStage.SetupState, this);
    }

    public T State
    {
        get
        {
            RuntimeContext.Check(RuntimeContext.Current);
            return _state.State!;
        }

        set
        {
            RuntimeContext.Check(RuntimeContext.Current);
            _state.State = value;
        }
    }

    public string? Etag => _state.ETag;

    public bool RecordExists => _loaded ? _state.RecordExists : throw new InvalidOperationException("State has not yet been loaded");

    public Task OnStart(CancellationToken cancellationToken = default) => _loaded ? Task.CompletedTask : ReadStateAsync(cancellationToken);

    public Task OnStop(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public Task ReadStateAsync(CancellationToken cancellationToken) => Queue(async () =>
    {
        await _storage.ReadStateAsync(_name, _activation.GrainId, _state, cancellationToken);
        _loaded = true;
    });

    public Task WriteStateAsync(CancellationToken cancellationToken) =>
        Queue(() => _storage.WriteStateAsync(_name, _activation.GrainId, _state, cancellationToken));

    public Task ClearStateAsync(CancellationToken cancellationToken) =>
        Queue(() => _storage.ClearStateAsync(_name, _activation.GrainId, _state, cancellationToken));

    private Task Queue(Func<Task> operation)
    {
        RuntimeContext.Check(RuntimeContext.Current);
        return _last = RunAsync(_last, operation);

        static async Task RunAsync(Task previous, Func<Task> operation)
        {
            await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await operation();
        }
    }
}
