using System.ComponentModel;
using System.Reflection;
using Orleans.Serialization.Invocation;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>One call of a grain method. Each method has a derived class with its arguments, made at run time.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class GrainCall : GrainTurn, IInvokable
{
    private CancellationTokenSource? _cancellation;
    private CancellationToken _callerToken;
    private CancellationTokenRegistration _registration;

    internal GrainMethod Method { get; set; } = null!;

    internal GrainReference Reference { get; set; } = null!;

    /// <summary>The grain that calls, where filters want to know.</summary>
    internal GrainId? Source { get; set; }

    /// <summary>Links of the list of calls that wait for a reply.</summary>
    internal GrainCall? NextPending { get; set; }

    internal GrainCall? PreviousPending { get; set; }

    internal int PendingStripe { get; set; } = -1;

    internal long DeadlineMs { get; set; }

    /// <summary>How often this call has been passed on from a leaving activation to the next.</summary>
    internal int Forwards { get; set; }

    /// <summary>The method's cancellation token argument.</summary>
    public virtual CancellationToken Token
    {
        get => default;
        set { }
    }

    /// <summary>The outcome, boxed; only for filters.</summary>
    internal abstract object? BoxedResult { get; set; }

    internal abstract bool HasReply { get; }

    /// <summary>Whether the outcome is known, or was known before anyone could wait for it.</summary>
    internal abstract bool IsSettled { get; }

    public int GetArgumentCount() => Method.Info.GetParameters().Length;

    public object? GetArgument(int index) => GetType().GetField(ArgumentField(index))!.GetValue(this);

    public void SetArgument(int index, object value) => GetType().GetField(ArgumentField(index))!.SetValue(this, value);

    public string GetMethodName() => Method.Info.Name;

    public string GetInterfaceName() => Reference.Shared.Shape.InterfaceType.ToString();

    public MethodInfo GetMethod() => Method.Info;

    public Type GetInterfaceType() => Reference.Shared.Shape.Interface;

    public CancellationToken GetCancellationToken() => Token;

    public override string ToString() => $"{Reference.GrainId} {Method.Info.DeclaringType!.Name}.{Method.Info.Name}";

    internal static string ArgumentField(int index) => $"Argument{index}";

    /// <summary>Runs the method, without filters; its outcome is then in <see cref="BoxedResult"/> or thrown.</summary>
    internal abstract Task InvokeForFilters(object grain);

    /// <summary>Gives up waiting. The method itself may go on.</summary>
    internal abstract bool TryFail(Exception exception);

    /// <summary>Gives the grain a token of its own, which is cancelled on a turn of the grain.</summary>
    /// <returns>False when the caller's token is cancelled already.</returns>
    internal bool TryLinkToken()
    {
        _callerToken = Token;
        if (_callerToken.CanBeCanceled)
        {
            if (_callerToken.IsCancellationRequested)
            {
                return false;
            }

            _cancellation = new();
            Token = _cancellation.Token;
        }

        return true;
    }

    internal OperationCanceledException Cancelled() => new(_callerToken);

    /// <summary>From now on the caller may cancel, or wait too long.</summary>
    internal void AwaitReply(TimeSpan timeout)
    {
        PendingCalls.Add(this, Method.ResponseTimeout ?? timeout);
        if (_cancellation is not null)
        {
            _registration = _callerToken.UnsafeRegister(static call => ((GrainCall)call!).OnCallerCancelled(), this);
            if (HasReply)
            {
                _registration.Dispose();
            }
        }
    }

    internal void OnTimeout(TimeSpan timeout)
    {
        var failed = TryFail(new TimeoutException(
            $"Response did not arrive on time in {timeout} for message: {this}. The outcome is unknown: the call may have run, or may still run."));
        if (failed && Reference.Shared.Factory.CancelRequestOnTimeout)
        {
            CancelOnTurn();
        }
    }

    private void OnCallerCancelled()
    {
        if (TryFail(Cancelled()))
        {
            CancelOnTurn();
        }
    }

    private void CancelOnTurn()
    {
        if (_cancellation is { } cancellation)
        {
            new Task(static source => ((CancellationTokenSource)source!).Cancel(), cancellation).Start(Target);
        }
    }

    internal override void Finish()
    {
        if (PendingStripe >= 0)
        {
            PendingCalls.Remove(this);
        }

        _registration.Dispose();
    }

    /// <summary>A grain whose storage holds another version must not go on with its own.</summary>
    private protected void LeaveIfInconsistent()
    {
        if (Failure is InconsistentStateException { IsSourceActivation: true } exception)
        {
            exception.IsSourceActivation = false;
            Target.Deactivate(new(DeactivationReasonCode.ApplicationError, $"{exception.GetType().Name}: {exception.Message}"));
        }
    }

    private protected abstract Exception? Failure { get; }
}
