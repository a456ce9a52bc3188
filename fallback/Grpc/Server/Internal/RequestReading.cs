using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Core.Internal;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Messages out of the request's pipe.</summary>
internal static class RequestReading
{
    /// <summary>The one message of a unary request: not less, not more.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal static async ValueTask<T> ReadSingleAsync<T>(PipeReader input, ServerCall call, Func<DeserializationContext, T> parse)
        where T : class
    {
        T? message = null;
        while (true)
        {
            var result = await input.ReadAsync();
            var buffer = result.Buffer;
            try
            {
                ThrowIfCanceled(result);
                if (message is null)
                {
                    TryParse(ref buffer, call, parse, out message);
                }

                if (message is not null && !buffer.IsEmpty)
                {
                    throw Error("Additional data after the message received.");
                }

                if (result.IsCompleted)
                {
                    return message ?? throw Error("Incomplete message.");
                }
            }
            finally
            {
                input.AdvanceTo(buffer.Start, buffer.End);
            }
        }
    }

    /// <summary>The next message of a stream; null at its end.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal static async ValueTask<T?> ReadNextAsync<T>(
        PipeReader input, ServerCall call, Func<DeserializationContext, T> parse, CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            var result = await input.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            T? message = null;
            try
            {
                ThrowIfCanceled(result);
                if (TryParse(ref buffer, call, parse, out message))
                {
                    return message;
                }

                if (result.IsCompleted)
                {
                    return buffer.IsEmpty ? null : throw Error("Incomplete message.");
                }
            }
            finally
            {
                // With a message taken, what follows it may hold the next one and has not been looked at.
                input.AdvanceTo(buffer.Start, message is null ? buffer.End : buffer.Start);
            }
        }
    }

    private static bool TryParse<T>(
        ref ReadOnlySequence<byte> buffer, ServerCall call, Func<DeserializationContext, T> parse, out T? message)
        where T : class
    {
        if (!FrameReading.TryRead(ref buffer, call.Options.MaxReceive, out var compressed, out var payload))
        {
            message = null;
            return false;
        }

        message = compressed ? ParseCompressed(payload, call, parse) : call.Payload.Parse(payload, parse);
        if (message is null)
        {
            throw Error("The deserializer returned no message.");
        }

        return true;
    }

    private static T ParseCompressed<T>(in ReadOnlySequence<byte> payload, ServerCall call, Func<DeserializationContext, T> parse)
    {
        using var unpacked = new PooledBuffer();
        FrameReading.Decompress(payload, call.RequestCompression(), call.Options.MaxReceive, unpacked);
        return call.Payload.Parse(new ReadOnlySequence<byte>(unpacked.Written), parse);
    }

    private static void ThrowIfCanceled(ReadResult result)
    {
        if (result.IsCanceled)
        {
            throw Error("Incoming message cancelled.");
        }
    }

    private static RpcException Error(string detail) => new(new Status(StatusCode.Internal, detail));
}
