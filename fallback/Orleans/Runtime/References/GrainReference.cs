using System.ComponentModel;

namespace Orleans.Runtime;

/// <summary>A reference to a grain. Cheap to make and to keep; each grain interface has a derived class, made at run time.</summary>
public class GrainReference : IAddressable, IEquatable<GrainReference>
{
    private readonly IdSpan _key;

    /// <summary>Where the last call went. It may have ended since; the next call then looks again.</summary>
    private ITurnTarget? _target;

    [EditorBrowsable(EditorBrowsableState.Never)]
    public GrainReference(ReferenceShared shared, IdSpan key)
    {
        Shared = shared;
        _key = key;
    }

    public GrainId GrainId => new(Shared.Class.GrainType, _key);

    public GrainInterfaceType InterfaceType => Shared.Shape.InterfaceType;

    internal ReferenceShared Shared { get; }

    public bool Equals(GrainReference? other) => other is not null && GrainId.Equals(other.GrainId);

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public override int GetHashCode() => GrainId.GetHashCode();

    public override string ToString() => $"GrainReference:{GrainId}:{InterfaceType}";

    public static bool operator ==(GrainReference? reference1, GrainReference? reference2) => reference1?.Equals(reference2) ?? reference2 is null;

    public static bool operator !=(GrainReference? reference1, GrainReference? reference2) => !(reference1 == reference2);

    protected Task<T> Call<T>(GrainCall<T> call, int method)
    {
        Send(call, method);
        return call.Reply;
    }

    protected Task CallVoid(GrainCall<Nothing> call, int method)
    {
        Send(call, method);
        return call.VoidReply;
    }

    protected ValueTask<T> CallValue<T>(GrainCall<T> call, int method)
    {
        Send(call, method);
        return call.TryGetValue(out var value) ? new(value) : new(call.Reply);
    }

    protected ValueTask CallVoidValue(GrainCall<Nothing> call, int method)
    {
        Send(call, method);
        return call.TryGetValue(out _) ? default : new(call.VoidReply);
    }

    protected IAsyncEnumerable<T> CallStream<T>(EnumerationCall<T> call, int method)
    {
        Prepare(call, method);
        return call;
    }

    /// <summary>Sends a request that is not a method call.</summary>
    internal void Send(GrainTurn turn, bool inline)
    {
        while (_target is not { } target || !target.TryReceive(turn, inline))
        {
            try
            {
                _target = Shared.Factory.Cluster.Directory.Target(GrainId, Shared.Class, Shared.Factory.Silo);
            }
            catch (Exception exception)
            {
                turn.Publish();
                turn.Reject(exception);
                return;
            }
        }
    }

    internal void Prepare(GrainCall call, int method)
    {
        call.Method = Shared.Shape.Methods[method];
        call.Reference = this;
        call.IsReadOnly = call.Method.IsReadOnly;
        call.AlwaysInterleaves = call.Method.AlwaysInterleaves;
        call.Context = ActivityPropagation.Capture(RequestContext.Snapshot);
    }

    private void Send(GrainCall call, int index)
    {
        Prepare(call, index);
        if (call.Method.HasToken && !call.TryLinkToken())
        {
            call.Reject(call.Cancelled());
            return;
        }

        if (Shared.Factory.HasFilters)
        {
            call.Source = RuntimeContext.Current?.GrainId;
        }

        Send(call, inline: !call.Method.IsOneWay);
        if (!call.Method.IsOneWay && !call.IsSettled)
        {
            call.AwaitReply(Shared.Factory.ResponseTimeout);
        }
    }
}

/// <summary>What all references of one interface to one grain class have in common.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ReferenceShared
{
    internal ReferenceShared(GrainFactory factory, InterfaceShape shape, GrainClass grainClass) =>
        (Factory, Shape, Class) = (factory, shape, grainClass);

    internal GrainFactory Factory { get; }

    internal InterfaceShape Shape { get; }

    internal GrainClass Class { get; }
}

/// <summary>Something that takes requests: an activation, or a set of workers.</summary>
internal interface ITurnTarget
{
    /// <summary>Takes a request and, with <paramref name="inline"/>, may run it before it returns. False when this target has ended.</summary>
    bool TryReceive(GrainTurn turn, bool inline);
}
