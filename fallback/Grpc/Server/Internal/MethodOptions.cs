using System.IO.Compression;
using Grpc.Net.Compression;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>What holds for the calls of one service: its own options over those of all services over the defaults.</summary>
internal sealed class MethodOptions
{
    private const int DefaultMaxReceive = 4 * 1024 * 1024;

    internal MethodOptions(GrpcServiceOptions all, GrpcServiceOptions own)
    {
        MaxSend = own.MaxSendMessageSizeSpecified ? own.MaxSendMessageSize : all.MaxSendMessageSize;
        MaxReceive = own.MaxReceiveMessageSizeSpecified ? own.MaxReceiveMessageSize
            : all.MaxReceiveMessageSizeSpecified ? all.MaxReceiveMessageSize
            : DefaultMaxReceive;
        DetailedErrors = own.EnableDetailedErrors ?? all.EnableDetailedErrors ?? false;
        ResponseEncoding = own.ResponseCompressionAlgorithm ?? all.ResponseCompressionAlgorithm;
        ResponseLevel = own.ResponseCompressionLevel ?? all.ResponseCompressionLevel;
        Interceptors = [.. all.Interceptors, .. own.Interceptors];
        ICompressionProvider[] defaults =
            [new GzipCompressionProvider(CompressionLevel.Fastest), new DeflateCompressionProvider(CompressionLevel.Fastest)];
        foreach (var provider in defaults.Concat(all.CompressionProviders).Concat(own.CompressionProviders))
        {
            Providers[provider.EncodingName] = provider;
        }

        AcceptedEncodings = string.Join(',', Providers.Keys.Prepend(Core.Internal.WireNames.Identity));
        if (ResponseEncoding is not (null or Core.Internal.WireNames.Identity) && !Providers.ContainsKey(ResponseEncoding))
        {
            throw new InvalidOperationException(
                $"The configured response compression algorithm '{ResponseEncoding}' does not have a matching compression provider.");
        }
    }

    internal int? MaxSend { get; }

    internal int? MaxReceive { get; }

    internal bool DetailedErrors { get; }

    internal string? ResponseEncoding { get; }

    internal CompressionLevel? ResponseLevel { get; }

    internal IReadOnlyList<InterceptorRegistration> Interceptors { get; }

    internal Dictionary<string, ICompressionProvider> Providers { get; } = new(StringComparer.Ordinal);

    internal string AcceptedEncodings { get; }
}
