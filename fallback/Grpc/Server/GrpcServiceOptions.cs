using System.IO.Compression;
using Grpc.Net.Compression;

namespace Grpc.AspNetCore.Server;

/// <summary>How services are served. What is set for one service wins over what is set for all.</summary>
public class GrpcServiceOptions
{
    private int? _maxSend;
    private int? _maxReceive;
    private bool _maxSendSpecified;
    private bool _maxReceiveSpecified;

    /// <summary>Largest message sent, in bytes; null is no limit. Default: null.</summary>
    public int? MaxSendMessageSize
    {
        get => _maxSend;
        set
        {
            _maxSend = value;
            _maxSendSpecified = true;
        }
    }

    public bool MaxSendMessageSizeSpecified
    {
        get => _maxSendSpecified;
        set
        {
            _maxSendSpecified = value;
            _maxSend = value ? _maxSend : null;
        }
    }

    /// <summary>Largest message received, in bytes; null is no limit. Default: 4 MB.</summary>
    public int? MaxReceiveMessageSize
    {
        get => _maxReceive;
        set
        {
            _maxReceive = value;
            _maxReceiveSpecified = true;
        }
    }

    public bool MaxReceiveMessageSizeSpecified
    {
        get => _maxReceiveSpecified;
        set
        {
            _maxReceiveSpecified = value;
            _maxReceive = value ? _maxReceive : null;
        }
    }

    /// <summary>Tells callers the type and message of unhandled exceptions. Default: false.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>Encoding of responses for callers that accept it, for instance <c>gzip</c>. Default: null, none.</summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    public CompressionLevel? ResponseCompressionLevel { get; set; }

    /// <summary>Default: gzip and deflate.</summary>
    public IList<ICompressionProvider> CompressionProviders { get; set; } = [];

    /// <summary>Leaves calls of services that are not mapped to other endpoints. Default: false, they get UNIMPLEMENTED.</summary>
    public bool? IgnoreUnknownServices { get; set; }

    /// <summary>Interceptors around every call; the first is the outermost.</summary>
    public InterceptorCollection Interceptors { get; } = [];
}

/// <summary>Options of one service.</summary>
public class GrpcServiceOptions<TService> : GrpcServiceOptions
    where TService : class;
