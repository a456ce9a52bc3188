using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Decisioning.Gateway.Access;

/// <summary>Ends streams whose caller would not be let in any more: its key was revoked or expired, its token ended, open access closed.</summary>
internal sealed class StreamGuard(CallerKeys keys, OpenAccess open, TimeProvider clock, IOptions<AccessOptions> options) : Interceptor
{
    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        await using var guard = Start(context.GetHttpContext());
        await continuation(request, responseStream, context);
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        await using var guard = Start(context.GetHttpContext());
        await continuation(requestStream, responseStream, context);
    }

    private Guard? Start(HttpContext context) => context.FindCaller() is { } caller ? new Guard(this, context, caller) : null;

    private async ValueTask<bool> IsStillLetInAsync(Caller caller) =>
        caller.KeyId == Caller.LocalId ? await open.IsOpenAsync()
        : caller.ValidUntil is { } end ? clock.GetUtcNow() < end
        : await keys.IsValidAsync(caller.KeyId);

    /// <summary>Looks every few seconds while a stream is open.</summary>
    private sealed class Guard : IAsyncDisposable
    {
        private readonly PeriodicTimer _timer;
        private readonly Task _looking;

        public Guard(StreamGuard owner, HttpContext context, Caller caller)
        {
            _timer = new PeriodicTimer(owner.Every, owner.Clock);
            _looking = LookAsync(owner, context, caller);
        }

        public async ValueTask DisposeAsync()
        {
            _timer.Dispose();
            await _looking;
        }

        private async Task LookAsync(StreamGuard owner, HttpContext context, Caller caller)
        {
            while (await _timer.WaitForNextTickAsync())
            {
                if (!await owner.AskAsync(caller))
                {
                    // The caller sees the stream reset; when it comes back it is told why.
                    context.Abort();
                    return;
                }
            }
        }
    }

    private TimeSpan Every => options.Value.KeyCacheFor;

    private TimeProvider Clock => clock;

    private async ValueTask<bool> AskAsync(Caller caller)
    {
        try
        {
            return await IsStillLetInAsync(caller);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // While keys cannot be looked up, who was let in stays.
            return true;
        }
    }
}
