using System.Reflection;
using Orleans.Runtime;

namespace Orleans
{
    using Orleans.Serialization.Invocation;

    public delegate Task IncomingGrainCallFilterDelegate(IIncomingGrainCallContext context);

    /// <summary>A grain call on its way through the filters.</summary>
    public interface IGrainCallContext
    {
        IInvokable Request { get; }

        object Grain { get; }

        GrainId? SourceId { get; }

        GrainId TargetId { get; }

        GrainInterfaceType InterfaceType { get; }

        string InterfaceName { get; }

        string MethodName { get; }

        MethodInfo InterfaceMethod { get; }

        /// <summary>What the method returned; a filter may change it after <see cref="Invoke"/>.</summary>
        object? Result { get; set; }

        /// <summary>The next filter, and in the end the method. Throws what the method throws.</summary>
        Task Invoke();
    }

    public interface IIncomingGrainCallContext : IGrainCallContext
    {
        IGrainContext TargetContext { get; }

        MethodInfo ImplementationMethod { get; }
    }

    /// <summary>Runs around every call that arrives at a grain, on the grain's own turn.</summary>
    public interface IIncomingGrainCallFilter
    {
        Task Invoke(IIncomingGrainCallContext context);
    }
}

namespace Orleans.Serialization.Invocation
{
    /// <summary>One call: which method, with which arguments.</summary>
    public interface IInvokable
    {
        int GetArgumentCount();

        object? GetArgument(int index);

        void SetArgument(int index, object value);

        string GetMethodName();

        string GetInterfaceName();

        MethodInfo GetMethod();

        Type GetInterfaceType();

        CancellationToken GetCancellationToken();
    }
}
