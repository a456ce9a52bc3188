using System.Reflection;
using Orleans.Serialization.Invocation;

namespace Orleans.Runtime;

/// <summary>A call on its way through the incoming filters of a silo and of the grain itself.</summary>
internal sealed class IncomingCall(GrainCall call, Activation activation, IIncomingGrainCallFilter[] filters) : IIncomingGrainCallContext
{
    private int _next;
    private object? _result;
    private bool _hasResult;

    public IInvokable Request => call;

    public object Grain => activation.GrainInstance!;

    public GrainId? SourceId => call.Source;

    public GrainId TargetId => activation.GrainId;

    public IGrainContext TargetContext => activation;

    public GrainInterfaceType InterfaceType => call.Reference.InterfaceType;

    public string InterfaceName => call.GetInterfaceName();

    public string MethodName => call.GetMethodName();

    public MethodInfo InterfaceMethod => call.Method.Info;

    public MethodInfo ImplementationMethod => Implementation();

    public object? Result
    {
        get => _hasResult ? _result : call.BoxedResult;
        set => (_result, _hasResult) = (value, true);
    }

    public static async Task RunAsync(GrainCall call, Activation activation, IIncomingGrainCallFilter[] filters)
    {
        var context = new IncomingCall(call, activation, filters);
        await context.Invoke();
        call.BoxedResult = context.Result;
    }

    public Task Invoke()
    {
        var index = _next++;
        if (index < filters.Length)
        {
            return filters[index].Invoke(this);
        }

        return index == filters.Length && Grain is IIncomingGrainCallFilter own ? own.Invoke(this) : call.InvokeForFilters(Grain);
    }

    private MethodInfo Implementation()
    {
        var map = Grain.GetType().GetInterfaceMap(call.Method.Info.DeclaringType!);
        return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, call.Method.Info)];
    }
}
