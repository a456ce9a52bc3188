using System.Threading.Channels;
using Grpc.Core;

namespace Decisioning.Gateway.Services;

/// <summary>Answers the requests of a stream in their order while a bounded number of them is under way.</summary>
internal static class Pipeline
{
    /// <summary>Answers sent together at most: by then a packet is full of the smallest of them.</summary>
    private const int SentTogetherMax = 32;

    private static readonly WriteOptions Sent = new();
    private static readonly WriteOptions Kept = new(WriteFlags.BufferHint);

    /// <summary>
    /// Runs until the caller has sent all and got all answers; the first failure ends it. When the engine stops, what was taken in is
    /// still answered.
    /// </summary>
    /// <param name="requests">What the caller sends.</param>
    /// <param name="responses">Where the answers go.</param>
    /// <param name="inFlightMax">Requests under way at once, at most.</param>
    /// <param name="answer">Begins an answer. Throwing is a failure like any other: the answers before it are given first.</param>
    /// <param name="stopping">The engine stops.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public static async Task RunAsync<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requests,
        IServerStreamWriter<TResponse> responses,
        int inFlightMax,
        Func<TRequest, Task<TResponse>> answer,
        CancellationToken stopping,
        CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var read = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, stopping);
        var underWay = Channel.CreateBounded<Task<TResponse>>(new BoundedChannelOptions(inFlightMax) { SingleReader = true, SingleWriter = true });
        var writing = WriteAsync(underWay.Reader, responses, stop);
        try
        {
            while (await requests.MoveNext(read.Token))
            {
                // Waiting for room before starting keeps the number under way bounded; gRPC's flow control pushes back.
                await underWay.Writer.WaitToWriteAsync(stop.Token);
                await underWay.Writer.WriteAsync(answer(requests.Current), stop.Token);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            underWay.Writer.TryComplete();
            await writing;
            throw Stopping();
        }
        catch (Exception) when (stop.IsCancellationRequested && writing.IsFaulted)
        {
            // The writer's failure is the cause; it is passed on below.
        }
        finally
        {
            underWay.Writer.TryComplete();
            await writing;
        }
    }

    /// <summary>What a caller is told whose stream outlives the engine.</summary>
    public static RpcException Stopping() =>
        new(new Status(StatusCode.Unavailable, "the engine is stopping; connect again and repeat what was not answered with the same ids"));

    private static async Task WriteAsync<TResponse>(ChannelReader<Task<TResponse>> underWay, IServerStreamWriter<TResponse> responses, CancellationTokenSource stop)
    {
        var kept = 0;
        try
        {
            while (await underWay.WaitToReadAsync(stop.Token))
            {
                // Taken out only once answered: what is in the channel is all that is under way.
                while (underWay.TryPeek(out var answer))
                {
                    var response = await answer;
                    underWay.TryRead(out _);

                    // Events of many customers are on the disk at the same time, so the next answer is often there: it goes along.
                    var isKept = kept < SentTogetherMax - 1 && underWay.TryPeek(out var next) && next.IsCompletedSuccessfully;
                    kept = isKept ? kept + 1 : 0;
                    responses.WriteOptions = isKept ? Kept : Sent;
                    await responses.WriteAsync(response, stop.Token);
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
        }
    }
}
