using System.Diagnostics.CodeAnalysis;
using Orleans.Runtime;

namespace Orleans;

/// <summary>The base of grain classes: one instance per activation, one turn at a time.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    protected Grain()
        : this(RuntimeContext.Current!)
    {
    }

    protected Grain(IGrainContext grainContext) => GrainContext = grainContext;

    [AllowNull]
    public IGrainContext GrainContext { get; }

    public GrainReference GrainReference => GrainContext.GrainReference;

    public string IdentityString => GrainContext.GrainId.ToString();

    public string RuntimeIdentity => (GrainContext as Activation)?.Silo.Name ?? "";

    /// <summary>References to other grains. Throws outside a turn of this activation, for example after Task.Run.</summary>
    protected IGrainFactory GrainFactory
    {
        get
        {
            RuntimeContext.Check(RuntimeContext.Current);
            return Required.Silo.GrainFactory;
        }
    }

    protected internal IServiceProvider ServiceProvider => GrainContext.ActivationServices;

    private Activation Required => GrainContext as Activation
        ?? throw new InvalidOperationException("Grain was created outside of the Orleans creation process and no runtime was specified.");

    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends this activation as soon as its running requests have ended.</summary>
    protected void DeactivateOnIdle()
    {
        var activation = Required;
        RuntimeContext.Check(activation);
        activation.Deactivate(new(DeactivationReasonCode.ApplicationRequested, $"{nameof(DeactivateOnIdle)} was called."));
    }

    /// <summary>Keeps an idle activation for this long; zero or less takes it back.</summary>
    protected void DelayDeactivation(TimeSpan timeSpan)
    {
        var activation = Required;
        RuntimeContext.Check(activation);
        activation.DelayDeactivation(timeSpan);
    }
}
