using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Runtime;

/// <summary>One activation of a grain: its instance, its turns, its queue of requests, its life.</summary>
internal sealed partial class Activation : TaskScheduler, IGrainContext, ITurnTarget, IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private IServiceScope? _scope;
    private Lifecycle? _lifecycle;
    private GrainReference? _reference;
    private Dictionary<Type, object>? _components;

    public Activation(GrainId grainId, GrainClass grainClass, SiloRuntime silo)
    {
        (GrainId, Class, Silo) = (grainId, grainClass, silo);
        _lastUseMs = Environment.TickCount64;
    }

    public GrainId GrainId { get; }

    public GrainClass Class { get; }

    public SiloRuntime Silo { get; }

    public object? GrainInstance { get; private set; }

    public ActivationId ActivationId { get; } = ActivationId.NewId();

    public IIncomingGrainCallFilter[]? IncomingFilters =>
        Silo.IncomingFilters ?? (GrainInstance is IIncomingGrainCallFilter ? [] : null);

    public GrainReference GrainReference => _reference ??= Silo.GrainFactory.SelfReference(GrainId, Class);

    /// <summary>The scope of this activation. Made when first asked for: most grains need singletons only.</summary>
    public IServiceProvider ActivationServices
    {
        get
        {
            if (_scope is null)
            {
                var scope = Silo.Services.CreateScope();
                if (Interlocked.CompareExchange(ref _scope, scope, null) is not null)
                {
                    scope.Dispose();
                }
            }

            return _scope.ServiceProvider;
        }
    }

    public IGrainLifecycle ObservableLifecycle => _lifecycle ??= new();

    public override int MaximumConcurrencyLevel => 1;

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override string ToString() => $"[Activation: {Silo.Name}/{GrainId}{ActivationId} State={_state}]";

    public TComponent? GetComponent<TComponent>()
        where TComponent : class
    {
        if (GrainInstance is TComponent instance)
        {
            return instance;
        }

        lock (_gate)
        {
            return _components?.GetValueOrDefault(typeof(TComponent)) as TComponent;
        }
    }

    public void SetComponent<TComponent>(TComponent? value)
        where TComponent : class
    {
        lock (_gate)
        {
            if (value is null)
            {
                _components?.Remove(typeof(TComponent));
            }
            else
            {
                (_components ??= [])[typeof(TComponent)] = value;
            }
        }
    }

    /// <summary>The service, or the component that stands for it in this activation.</summary>
    public object? Service(Type type) =>
        type == typeof(IGrainContext) ? this : (Silo.IsSingleton(type) ? Silo.Services : ActivationServices).GetService(type);
}
