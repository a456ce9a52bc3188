using System.IO.Pipelines;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>The requests of a streaming call.</summary>
internal sealed class RequestStream<TRequest>(ServerCall call, Func<DeserializationContext, TRequest> parse) : IAsyncStreamReader<TRequest>
    where TRequest : class
{
    private static readonly Task<bool> True = Task.FromResult(true);
    private static readonly Task<bool> False = Task.FromResult(false);

    private readonly PipeReader _input = call.HttpContext.Request.BodyReader;
    private readonly CancellationToken _aborted = call.HttpContext.RequestAborted;
    private bool _complete;

    public TRequest Current { get; private set; } = null!;

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<bool>(cancellationToken);
        }

        if (_complete || call.IsOver || _aborted.IsCancellationRequested)
        {
            return Task.FromException<bool>(new InvalidOperationException("Can't read messages after the request is complete."));
        }

        Current = null!;
        var read = RequestReading.ReadNextAsync(_input, call, parse, cancellationToken);
        return read.IsCompletedSuccessfully ? Take(read.Result) ? True : False : AwaitAsync(read);

        async Task<bool> AwaitAsync(ValueTask<TRequest?> pending) => Take(await pending);
    }

    internal void Complete() => _complete = true;

    private bool Take(TRequest? message)
    {
        Current = message!;
        return message is not null;
    }
}

/// <summary>The responses of a streaming call. A write ends when the transport has room again, so a slow reader slows its writer.</summary>
internal sealed class ResponseStream<TResponse>(ServerCall call, Action<TResponse, SerializationContext> serialize)
    : IServerStreamWriter<TResponse>
    where TResponse : class
{
    private readonly PipeWriter _output = call.HttpContext.Response.BodyWriter;
    private readonly CancellationToken _aborted = call.HttpContext.RequestAborted;
    private int _writing;
    private bool _complete;

    public WriteOptions? WriteOptions
    {
        get => call.WriteOptions;
        set => call.WriteOptions = value;
    }

    public Task WriteAsync(TResponse message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TResponse message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        if (_complete || call.IsOver || _aborted.IsCancellationRequested)
        {
            throw new InvalidOperationException("Can't write the message because the request is complete.");
        }

        if (Interlocked.Exchange(ref _writing, 1) == 1)
        {
            throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
        }

        try
        {
            if (!await ResponseWriting.TryWriteAsync(call, message, serialize, _output))
            {
                throw new InvalidOperationException("Can't write the message because the request is complete.");
            }

            if (call.WriteOptions?.Flags.HasFlag(WriteFlags.BufferHint) is true)
            {
                return;
            }

            var flushed = await _output.FlushAsync(cancellationToken);
            if (flushed.IsCanceled || _aborted.IsCancellationRequested)
            {
                throw new OperationCanceledException("Request aborted while sending the message.");
            }
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    internal void Complete() => _complete = true;
}

internal static class ResponseWriting
{
    /// <summary>Puts a message into the response's pipe; the end of the response, or a flush, sends it.</summary>
    /// <returns>False when the deadline answers instead.</returns>
    internal static ValueTask<bool> TryWriteAsync<TResponse>(
        ServerCall call, TResponse message, Action<TResponse, SerializationContext> serialize, PipeWriter output)
    {
        if (call.Gate is not { } gate)
        {
            return Write(call, message, serialize, output);
        }

        // The deadline answers on a thread of its own, and would complete the pipe while bytes are put into it.
        lock (gate)
        {
            return call.IsOver ? new(false) : Write(call, message, serialize, output);
        }
    }

    private static ValueTask<bool> Write<TResponse>(ServerCall call, TResponse message, Action<TResponse, SerializationContext> serialize, PipeWriter output)
    {
        var response = call.HttpContext.Response;
        if (!response.HasStarted)
        {
            // The pipe takes bytes only after the headers.
            var start = response.StartAsync();
            if (!start.IsCompletedSuccessfully)
            {
                return WriteAfterAsync(start, call, message, serialize, output);
            }
        }

        call.Frames.Write(message, serialize, output, call.CompressionOf(call.WriteOptions), call.Options.ResponseLevel, call.Options.MaxSend);
        return new(true);
    }

    private static async ValueTask<bool> WriteAfterAsync<TResponse>(
        Task start, ServerCall call, TResponse message, Action<TResponse, SerializationContext> serialize, PipeWriter output)
    {
        await start;
        return await TryWriteAsync(call, message, serialize, output);
    }
}
