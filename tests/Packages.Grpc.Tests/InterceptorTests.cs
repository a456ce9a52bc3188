using Decisioning.Test.V1;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Decisioning.Packages.Grpc.Tests;

public sealed class InterceptorTests
{
    [Fact]
    public async Task Server_interceptors_stand_around_every_kind_of_call_from_the_outermost_in()
    {
        var journal = new Journal();
        await using var server = await EchoServer.StartAsync(
            options =>
            {
                options.Interceptors.Add<Named>("outer");
                options.Interceptors.Add<Named>("inner");
            },
            builder => builder.Services.AddSingleton(journal));
        await CallAllAsync(server.Client);
        Assert.Equal(
            (string[])["outer Unary", "inner Unary", "outer Client", "inner Client", "outer Server", "inner Server", "outer Duplex", "inner Duplex"],
            journal.Entries);
        Assert.Equal(8, journal.Disposed);
    }

    [Fact]
    public async Task A_registered_interceptor_is_used_as_it_is_and_not_disposed()
    {
        var journal = new Journal();
        await using var server = await EchoServer.StartAsync(
            options => options.Interceptors.Add<Named>(),
            builder => builder.Services.AddSingleton(journal).AddSingleton(new Named(journal, "shared")));
        await server.Client.SayAsync(new EchoRequest());
        await server.Client.SayAsync(new EchoRequest());
        Assert.Equal(["shared Unary", "shared Unary"], journal.Entries);
        Assert.Equal(0, journal.Disposed);
    }

    [Fact]
    public async Task Interceptors_of_a_service_come_after_those_of_all()
    {
        var journal = new Journal();
        await using var server = await EchoServer.StartAsync(
            options => options.Interceptors.Add<Named>("all"),
            builder =>
            {
                builder.Services.AddSingleton(journal);
                builder.Services.AddGrpc().AddServiceOptions<EchoService>(options => options.Interceptors.Add<Named>("own"));
            });
        await server.Client.SayAsync(new EchoRequest());
        Assert.Equal(["all Unary", "own Unary"], journal.Entries);
    }

    [Fact]
    public async Task A_server_interceptor_may_turn_exceptions_into_statuses()
    {
        await using var server = await EchoServer.StartAsync(options => options.Interceptors.Add<Translating>());
        var crash = new EchoRequest { Text = "reason", Behaviour = Behaviour.Crash };
        var unary = await Assert.ThrowsAsync<RpcException>(async () => await server.Client.SayAsync(crash));
        Assert.Equal((StatusCode.FailedPrecondition, "reason"), (unary.StatusCode, unary.Status.Detail));
    }

    [Fact]
    public void A_type_that_is_no_interceptor_is_refused() =>
        Assert.Throws<ArgumentException>(() => new InterceptorCollection().Add(typeof(string)));

    [Fact]
    public async Task Client_interceptors_see_and_change_every_kind_of_call()
    {
        await using var server = await EchoServer.StartAsync();
        var seen = new List<string>();
        var client = new Echo.EchoClient(server.Channel.Intercept(new Tagging(seen, "first"), new Tagging(seen, "second")));
        using (var call = client.SayAsync(new EchoRequest()))
        {
            var headers = await call.ResponseHeadersAsync;
            Assert.Equal(["yes", "yes"], headers.GetValue("x-first")!.Split(',').Concat(headers.GetValue("x-second")!.Split(',')));
            await call;
        }

        client.Say(new EchoRequest());
        await CallAllAsync(client);
        Assert.Equal(
            (string[])[
                "first Unary", "second Unary", "first Blocking", "second Blocking", "first Unary", "second Unary", "first Client", "second Client",
                "first Server", "second Server", "first Duplex", "second Duplex"],
            seen);
    }

    [Fact]
    public async Task Headers_may_be_added_to_every_call()
    {
        await using var server = await EchoServer.StartAsync();
        var client = new Echo.EchoClient(server.Channel.Intercept(headers =>
        {
            headers.Add("x-added", "1");
            return headers;
        }));
        using var call = client.SayAsync(new EchoRequest());
        Assert.Equal("1", (await call.ResponseHeadersAsync).GetValue("x-added"));
        await call;
    }

    private static async Task CallAllAsync(Echo.EchoClient client)
    {
        await client.SayAsync(new EchoRequest());
        using var collect = client.Collect();
        await collect.RequestStream.CompleteAsync();
        await collect;
        using var repeat = client.Repeat(new EchoRequest());
        await repeat.ResponseStream.MoveNext();
        using var chat = client.Chat();
        await chat.RequestStream.CompleteAsync();
        await chat.ResponseStream.MoveNext();
    }

    public sealed class Journal
    {
        private readonly Lock _lock = new();
        private readonly List<string> _entries = [];
        private int _disposed;

        public int Disposed => _disposed;

        public IReadOnlyList<string> Entries
        {
            get
            {
                lock (_lock)
                {
                    return [.. _entries];
                }
            }
        }

        public void Add(string entry)
        {
            lock (_lock)
            {
                _entries.Add(entry);
            }
        }

        public void CountDisposal() => Interlocked.Increment(ref _disposed);
    }

    public sealed class Named(Journal journal, string name) : Interceptor, IDisposable
    {
        public void Dispose() => journal.CountDisposal();

        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            journal.Add($"{name} Unary");
            return continuation(request, context);
        }

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
        {
            journal.Add($"{name} Client");
            return continuation(requestStream, context);
        }

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            journal.Add($"{name} Server");
            return continuation(request, responseStream, context);
        }

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            journal.Add($"{name} Duplex");
            return continuation(requestStream, responseStream, context);
        }
    }

    public sealed class Translating : Interceptor
    {
        public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            try
            {
                return await continuation(request, context);
            }
            catch (InvalidOperationException exception)
            {
                throw new RpcException(new Status(StatusCode.FailedPrecondition, exception.Message));
            }
        }
    }

    private sealed class Tagging(List<string> seen, string name) : Interceptor
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            seen.Add($"{name} Blocking");
            return continuation(request, Tagged(context));
        }

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            seen.Add($"{name} Unary");
            return continuation(request, Tagged(context));
        }

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            seen.Add($"{name} Client");
            return continuation(Tagged(context));
        }

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            seen.Add($"{name} Server");
            return continuation(request, Tagged(context));
        }

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            seen.Add($"{name} Duplex");
            return continuation(Tagged(context));
        }

        private ClientInterceptorContext<TRequest, TResponse> Tagged<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context)
            where TRequest : class
            where TResponse : class
        {
            Metadata headers = [.. context.Options.Headers ?? [], new($"x-{name}", "yes")];
            return new(context.Method, context.Host, context.Options.WithHeaders(headers));
        }
    }
}
