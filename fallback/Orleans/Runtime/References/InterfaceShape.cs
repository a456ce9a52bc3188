using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Orleans.Concurrency;
using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>A method of a grain interface, as its attributes say.</summary>
internal sealed class GrainMethod
{
    public GrainMethod(MethodInfo info)
    {
        Info = info;
        IsReadOnly = info.IsDefined(typeof(ReadOnlyAttribute));
        AlwaysInterleaves = info.IsDefined(typeof(AlwaysInterleaveAttribute));
        IsOneWay = info.IsDefined(typeof(OneWayAttribute));
        ResponseTimeout = info.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
        HasToken = info.GetParameters().Any(parameter => parameter.ParameterType == typeof(CancellationToken));
    }

    public MethodInfo Info { get; }

    public bool IsReadOnly { get; }

    public bool AlwaysInterleaves { get; }

    public bool IsOneWay { get; }

    public TimeSpan? ResponseTimeout { get; }

    public bool HasToken { get; }
}

/// <summary>A grain interface, checked, with the class that makes references to it.</summary>
internal sealed class InterfaceShape
{
    private static readonly ConcurrentDictionary<Type, Lazy<InterfaceShape>> Shapes = new();

    private InterfaceShape(Type type)
    {
        Interface = type;
        InterfaceType = GrainInterfaceType.Create(type.GetCustomAttribute<AliasAttribute>()?.Alias ?? type.FullName ?? type.Name);
        Methods = [.. AllInterfaces(type).SelectMany(each => each.GetMethods()).Where(each => each.IsAbstract).Select(method => new GrainMethod(method))];
        Check();
        Create = ReferenceEmitter.Emit(this);
    }

    public Type Interface { get; }

    public GrainInterfaceType InterfaceType { get; }

    public GrainMethod[] Methods { get; }

    public Func<ReferenceShared, IdSpan, GrainReference> Create { get; }

    /// <exception cref="CodecNotFoundException">An argument or a result cannot cross a grain call.</exception>
    public static InterfaceShape Of(Type type)
    {
        try
        {
            return Shapes.GetOrAdd(type, static key => new(() => new InterfaceShape(key), LazyThreadSafetyMode.ExecutionAndPublication)).Value;
        }
        catch (Exception exception)
        {
            // Lazy keeps and rethrows one exception object; its stack would grow with each caller.
            ExceptionDispatchInfo.Throw(exception is CodecNotFoundException ? new CodecNotFoundException(exception.Message) : exception);
            throw;
        }
    }

    /// <summary>What in the methods of this interface cannot cross a grain call, or is no grain method; null when all can.</summary>
    public static string? Fault(Type type)
    {
        try
        {
            foreach (var method in type.GetMethods().Where(each => each.IsAbstract))
            {
                CheckMethod(method);
            }

            return null;
        }
        catch (Exception exception) when (exception is CodecNotFoundException or InvalidOperationException or NotSupportedException)
        {
            return exception.Message;
        }
    }

    private static IEnumerable<Type> AllInterfaces(Type type) => type.GetInterfaces().Append(type).Where(each => each != typeof(IAddressable));

    private void Check()
    {
        if (!Interface.IsInterface || !typeof(IAddressable).IsAssignableFrom(Interface))
        {
            throw new ArgumentException($"`{Interface}` is not a grain interface; derive it from {nameof(IGrainWithStringKey)} or one of its kind");
        }

        if (AllInterfaces(Interface).SelectMany(each => each.GetProperties()).FirstOrDefault() is { } property)
        {
            throw new InvalidOperationException($"`{Interface}.{property.Name}` is a property; a grain interface has methods only");
        }

        foreach (var method in Methods)
        {
            CheckMethod(method.Info);
        }
    }

    private static void CheckMethod(MethodInfo method)
    {
        var name = $"{method.DeclaringType}.{method.Name}";
        if (method.IsGenericMethodDefinition)
        {
            throw new NotSupportedException($"`{name}` is a generic method; that needs package Microsoft.Orleans.Server");
        }

        if (method.GetParameters().Count(parameter => parameter.ParameterType == typeof(CancellationToken)) > 1)
        {
            throw new InvalidOperationException($"`{name}` has more than one cancellation token; at most one can be passed on");
        }

        foreach (var parameter in method.GetParameters().Where(each => each.ParameterType != typeof(CancellationToken)))
        {
            MessageRules.Check(parameter.ParameterType, $"argument `{parameter.Name}` of `{name}`");
        }

        if (ReturnKind.Of(method) is not { } kind)
        {
            throw new InvalidOperationException($"`{name}` returns `{method.ReturnType}`; a grain method returns Task, ValueTask or IAsyncEnumerable");
        }

        if (kind.Result is { } result)
        {
            MessageRules.Check(result, $"result of `{name}`");
        }

        if (method.IsDefined(typeof(OneWayAttribute)) && kind.Result is not null)
        {
            throw new InvalidOperationException($"`{name}` is [OneWay] and returns a value; nobody would get it");
        }
    }
}

/// <summary>How a grain method returns: the base of its calls, the result, and the method of a reference that sends it.</summary>
internal sealed record ReturnKind(Type CallBase, Type? Result, string Sender)
{
    public static ReturnKind? Of(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(Task))
        {
            return new(typeof(VoidTaskCall), null, "CallVoid");
        }

        if (type == typeof(ValueTask))
        {
            return new(typeof(VoidValueTaskCall), null, "CallVoidValue");
        }

        if (!type.IsGenericType)
        {
            return null;
        }

        var result = type.GetGenericArguments()[0];
        var definition = type.GetGenericTypeDefinition();
        return definition == typeof(Task<>) ? new(typeof(TaskCall<>).MakeGenericType(result), result, "Call")
            : definition == typeof(ValueTask<>) ? new(typeof(ValueTaskCall<>).MakeGenericType(result), result, "CallValue")
            : definition == typeof(IAsyncEnumerable<>) ? new(typeof(EnumerationCall<>).MakeGenericType(result), result, "CallStream")
            : null;
    }
}
