using System.Collections.Concurrent;
using Decisioning.Test.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace Decisioning.Packages.Grpc.Tests;

/// <summary>The service under test. Request headers `x-…` come back as response headers and, as `t-…`, as trailers.</summary>
public sealed class EchoService : Echo.EchoBase
{
    private static readonly ConcurrentDictionary<string, TaskCompletionSource> Cancellations = new();
    private static readonly ConcurrentDictionary<string, TaskCompletionSource> Starts = new();

    private static readonly ConcurrentDictionary<string, int> Writes = new();

    /// <summary>Messages of a stream that the transport has taken so far.</summary>
    public static int Written(string key) => Writes.GetValueOrDefault(key);

    public static Task CancelledAsync(string key) => Wait(Cancellations, key).Task.WaitAsync(Limits.Patience);

    public static Task StartedAsync(string key) => Wait(Starts, key).Task.WaitAsync(Limits.Patience);

    public override async Task<EchoReply> Say(EchoRequest request, ServerCallContext context)
    {
        await ReturnMetadataAsync(context);
        await BehaveAsync(request, context);
        return request.Behaviour == Behaviour.Deadline
            ? new EchoReply { At = Timestamp.FromDateTime(DateTime.SpecifyKind(context.Deadline, DateTimeKind.Utc)) }
            : Answer(request);
    }

    public override async Task<EchoReply> Collect(IAsyncStreamReader<EchoRequest> requestStream, ServerCallContext context)
    {
        using var end = new Ending(context.RequestHeaders.GetValue("key"));
        List<string> texts = [];
        var bytes = 0;
        await foreach (var request in requestStream.ReadAllAsync())
        {
            await BehaveAsync(request, context);
            if (request.Behaviour == Behaviour.Leave)
            {
                return Answer(request);
            }

            texts.Add(request.Text);
            bytes += request.Payload.Length;
        }

        return new EchoReply { Text = string.Join(',', texts), Payload = ByteString.CopyFrom(new byte[bytes]) };
    }

    public override async Task Repeat(EchoRequest request, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
    {
        await ReturnMetadataAsync(context);
        for (var i = 0; i < request.Times; i++)
        {
            await responseStream.WriteAsync(new EchoReply { Text = $"{request.Text} {i}", Payload = request.Payload });
            Writes[request.Text] = i + 1;
        }

        await BehaveAsync(request, context);
    }

    public override async Task Chat(
        IAsyncStreamReader<EchoRequest> requestStream, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
    {
        await ReturnMetadataAsync(context);
        while (await requestStream.MoveNext())
        {
            var request = requestStream.Current;
            await BehaveAsync(request, context);
            await responseStream.WriteAsync(Answer(request));
            if (request.Behaviour == Behaviour.Leave)
            {
                return;
            }
        }
    }

    private static EchoReply Answer(EchoRequest request) => new() { Text = request.Text, Payload = request.Payload, At = request.At };

    private static TaskCompletionSource Wait(ConcurrentDictionary<string, TaskCompletionSource> of, string key) =>
        of.GetOrAdd(key, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private static async Task ReturnMetadataAsync(ServerCallContext context)
    {
        Metadata headers = [];
        foreach (var entry in context.RequestHeaders)
        {
            if (entry.Key.StartsWith("x-", StringComparison.Ordinal))
            {
                headers.Add(entry);
                context.ResponseTrailers.Add(entry.IsBinary ? new("t" + entry.Key[1..], entry.ValueBytes) : new("t" + entry.Key[1..], entry.Value));
            }
        }

        if (headers.Count > 0)
        {
            await context.WriteResponseHeadersAsync(headers);
        }
    }

    private static async Task BehaveAsync(EchoRequest request, ServerCallContext context)
    {
        switch (request.Behaviour)
        {
            case Behaviour.Fail:
                throw Failure((StatusCode)request.Code, request.Text);
            case Behaviour.Crash:
                throw new InvalidOperationException(request.Text);
            case Behaviour.SetStatus:
                context.Status = new((StatusCode)request.Code, request.Text);
                return;
            case Behaviour.Wait:
                Wait(Starts, request.Text).TrySetResult();
                var cancelled = new TaskCompletionSource();
                await using (context.CancellationToken.Register(() => cancelled.TrySetResult()))
                {
                    await cancelled.Task;
                }

                Wait(Cancellations, request.Text).TrySetResult();
                context.CancellationToken.ThrowIfCancellationRequested();
                return;
            case Behaviour.Stubborn:
                // Ends only when the test, which has its answer by then, says so.
                await Wait(Cancellations, request.Text).Task;
                return;
            default:
                return;
        }
    }

    private static RpcException Failure(StatusCode code, string detail)
    {
        var status = new Google.Rpc.Status { Code = (int)code, Message = detail };
        status.Details.Add(Any.Pack(new BadRequest
        {
            FieldViolations = { new BadRequest.Types.FieldViolation { Field = "text", Description = detail } },
        }));
        return new RpcException(new(code, detail), new Metadata { { "grpc-status-details-bin", status.ToByteArray() } });
    }

    /// <summary>Says, however a method ends, that it has.</summary>
    private readonly struct Ending(string? key) : IDisposable
    {
        public void Dispose() => Release(key ?? "");
    }

    /// <summary>Lets a stubborn call end.</summary>
    public static void Release(string key) => Wait(Cancellations, key).TrySetResult();
}

internal static class Limits
{
    /// <summary>A test that waits longer has failed; nothing here takes more than milliseconds.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
}
