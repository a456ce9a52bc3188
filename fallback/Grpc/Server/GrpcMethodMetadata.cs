using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>Endpoint metadata: which method of which service the endpoint serves.</summary>
public sealed class GrpcMethodMetadata(Type serviceType, IMethod method)
{
    public Type ServiceType { get; } = serviceType;

    public IMethod Method { get; } = method;
}

/// <summary>Found on the request of a gRPC call: the call's context.</summary>
public interface IServerCallContextFeature
{
    ServerCallContext ServerCallContext { get; }
}
