using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>The result of a method that returns nothing.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Nothing;

/// <summary>A call with a result of <typeparamref name="T"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class GrainCall<T> : GrainCall
{
    private static readonly Task<T> Unknown = FromResult<T>(default!);

    private TaskCompletionSource<T>? _promise;
    private T _value = default!;

    /// <summary>The method's own task where it gave one that had not ended well at once.</summary>
    private Task? _task;

    /// <summary>What the caller awaits: the method's own task when it ended within the caller's turn, otherwise a promise.</summary>
    internal Task<T> Reply
    {
        get
        {
            if (Method.IsOneWay)
            {
                return Unknown;
            }

            return _promise?.Task ?? _task as Task<T> ?? Settled();
        }
    }

    /// <summary>Like <see cref="Reply"/>, for methods that return nothing.</summary>
    internal Task VoidReply => Method.IsOneWay ? CompletedTask : _promise?.Task ?? _task ?? CompletedTask;

    internal override bool HasReply => _promise is { Task.IsCompleted: true };

    internal override bool IsSettled => _promise is null or { Task.IsCompleted: true };

    internal override bool IsAbandoned => HasReply;

    internal override object? BoxedResult
    {
        get => _value is Nothing ? null : _value;
        set
        {
            _value = value is null ? default! : (T)value;
            _task = null;
        }
    }

    private protected override Exception? Failure => _task is { IsFaulted: true } ? _task.Exception.InnerException : null;

    /// <summary>Whether the call ended within the caller's turn, with a value at hand.</summary>
    internal bool TryGetValue([MaybeNullWhen(false)] out T value)
    {
        value = _value;
        return _promise is null && _task is null;
    }

    internal override void Publish()
    {
        if (!Method.IsOneWay)
        {
            _promise ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private protected override Task? Work(Activation activation)
    {
        var filters = activation.IncomingFilters;
        _task = filters is null ? StartSafely(activation.GrainInstance!) : IncomingCall.RunAsync(this, activation, filters);
        return _task is { IsCompleted: false } running ? running : null;
    }

    internal override async Task InvokeForFilters(object grain)
    {
        var task = StartSafely(grain);
        if (task is null)
        {
            return;
        }

        await task;
        if (task is Task<T> typed)
        {
            _value = typed.Result;
        }
    }

    internal override void Reject(Exception exception)
    {
        _task = FromException<T>(exception);
        _promise?.TrySetException(exception);
        Finish();
    }

    internal override bool TryFail(Exception exception)
    {
        Publish();
        return _promise is { } promise && (exception is OperationCanceledException cancelled
            ? promise.TrySetCanceled(cancelled.CancellationToken)
            : promise.TrySetException(exception));
    }

    internal override void Finish()
    {
        LeaveIfInconsistent();
        if (_promise is { Task.IsCompleted: false } promise)
        {
            switch (_task)
            {
                case null:
                    promise.TrySetResult(_value);
                    break;
                case { IsFaulted: true }:
                    promise.TrySetException(_task.Exception.InnerExceptions);
                    break;
                case { IsCanceled: true }:
                    promise.TrySetCanceled();
                    break;
                case Task<T> typed:
                    promise.TrySetResult(typed.Result);
                    break;
                default:
                    promise.TrySetResult(_value);
                    break;
            }
        }

        base.Finish();
        if (Method.IsOneWay && Failure is { } failure && Target is not null)
        {
            Target.Silo.LogOneWayFailure(this, failure);
        }
    }

    /// <summary>Begins the method: gives its task, or null when <paramref name="value"/> is its result.</summary>
    private protected abstract Task? Start(object grain, out T value);

    private Task? StartSafely(object grain)
    {
        try
        {
            return Start(grain, out _value);
        }
        catch (Exception exception)
        {
            return FromException<T>(exception);
        }
    }

    /// <summary>A task for a result that came without one, or from a task of another type.</summary>
    private Task<T> Settled() => _task switch
    {
        null => FromResult(_value),
        { IsFaulted: true } => FromException<T>(_task.Exception.InnerException!),
        { IsCanceled: true } => FromCanceled<T>(new(canceled: true)),
        _ => FromResult(_value),
    };
}

[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class TaskCall<T> : GrainCall<T>
{
    public abstract Task<T> Invoke(object grain);

    private protected sealed override Task? Start(object grain, out T value)
    {
        value = default!;
        return Invoke(grain) ?? throw NoTask();
    }

    private InvalidOperationException NoTask() => new($"{this} returned null instead of a task");
}

[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class VoidTaskCall : GrainCall<Nothing>
{
    public abstract Task Invoke(object grain);

    private protected sealed override Task? Start(object grain, out Nothing value)
    {
        value = default;
        return Invoke(grain) ?? throw new InvalidOperationException($"{this} returned null instead of a task");
    }
}

[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ValueTaskCall<T> : GrainCall<T>
{
    public abstract ValueTask<T> Invoke(object grain);

    private protected sealed override Task? Start(object grain, out T value)
    {
        var result = Invoke(grain);
        if (result.IsCompletedSuccessfully)
        {
            value = result.Result;
            return null;
        }

        value = default!;
        return result.AsTask();
    }
}

[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class VoidValueTaskCall : GrainCall<Nothing>
{
    public abstract ValueTask Invoke(object grain);

    private protected sealed override Task? Start(object grain, out Nothing value)
    {
        value = default;
        var result = Invoke(grain);
        return result.IsCompletedSuccessfully ? null : result.AsTask();
    }
}
