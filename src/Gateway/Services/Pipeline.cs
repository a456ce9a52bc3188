using System.Threading.Channels;
using Grpc.Core;

namespace Decisioning.Gateway.Services;

/// <summary>Answers the requests of a stream in their order while a bounded number of them is under way.</summary>
internal static class Pipeline
{
    /// <summary>
    /// Runs until the caller has sent all and got all answers; the first failure ends it. When the engine stops, what was taken in is
    /// still answered.
    /// </summary>
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
        try
        {
            while (await underWay.WaitToReadAsync(stop.Token))
            {
                // Taken out only once written: what is in the channel is all that is under way.
                while (underWay.TryPeek(out var answer))
                {
                    await responses.WriteAsync(await answer, stop.Token);
                    underWay.TryRead(out _);
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
        }
    }
}
