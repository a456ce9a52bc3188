using System.Threading.Channels;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Requests;
using Decisioning.Gateway.Services;
using Decisioning.Gateway.Tests.Support;
using Decisioning.Tests.Shared;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NSubstitute;
using Orleans.Runtime;
using Orleans.Streams;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Services;

/// <summary>Watches whose news come late or not at all: the stream is the test's, all else is real.</summary>
public sealed class CustomerWatchTests(GatewayServer server) : IClassFixture<GatewayServer>
{
    private const int BacklogMax = 3;
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);
    private static readonly Exception NoLongerKept = new("the news after these are no longer kept");

    private readonly CustomerKey _ann = CustomerKey.User("default", GatewayServer.NewCustomer());
    private readonly IAsyncStream<CustomerChanges> _stream = Substitute.For<IAsyncStream<CustomerChanges>>();
    private readonly StreamSubscriptionHandle<CustomerChanges> _subscription = Substitute.For<StreamSubscriptionHandle<CustomerChanges>>();
    private readonly Reader _reader = new();
    private IAsyncObserver<CustomerChanges> _watch = null!;

    [Fact]
    public async Task A_watch_whose_news_are_no_longer_kept_ends_instead_of_showing_a_gap()
    {
        var watching = await StartAsync();

        await _watch.OnErrorAsync(NoLongerKept);

        await EndsAsync(watching);
    }

    [Fact]
    public async Task A_watch_whose_reader_is_slower_than_the_news_shows_what_it_has_and_ends()
    {
        var watching = await StartAsync();
        _reader.Pause();
        await ChangeAsync(0);
        await _reader.IsStuckAsync();

        for (var change = 1; change <= BacklogMax + 1; change++)
        {
            await ChangeAsync(change);
        }

        _reader.GoOn();
        await EndsAsync(watching);
        Assert.Equal(["0", "1", "2", "3"], _reader.Rest().SelectMany(response => response.Changes).Select(change => change.Name));
    }

    /// <summary>Starts a watch, and returns it when it has shown what is now.</summary>
    private async Task<Task> StartAsync()
    {
        var streams = Substitute.For<IStreamProvider>();
        streams.GetStream<CustomerChanges>(Arg.Any<StreamId>()).Returns(_stream);
        _stream.SubscribeAsync(Arg.Do<IAsyncObserver<CustomerChanges>>(observer => _watch = observer)).Returns(_subscription);
        var services = server.Services;
        var watch = new CustomerWatch(
            services.GetRequiredService<CustomerGrains>(), streams, server.Clock, services.GetRequiredService<IHostApplicationLifetime>(),
            Options.Create(new GatewayOptions { WatchBacklogMax = BacklogMax }));
        var question = DecisionReader.Read(new Api.WatchRequest { Customer = GatewayServer.User(_ann.Id) }, new Violations());
        var watching = watch.RunAsync(_ann, question, services.GetRequiredService<OpenAccess>().Local, _reader, TestContext.Current.CancellationToken);
        var shown = _reader.NextAsync();
        await await Task.WhenAny(shown, watching).WaitAsync(WaitMax);
        return watching;
    }

    private Task ChangeAsync(int number) => _watch.OnNextAsync(new(_ann, [new(ChangeKind.Event, number + 1, $"{number}", server.Clock.GetUtcNow())]));

    private async Task EndsAsync(Task watching)
    {
        var ended = await Assert.ThrowsAsync<RpcException>(() => watching.WaitAsync(WaitMax));
        Assert.Equal((StatusCode.ResourceExhausted, "the watch fell behind; start it again"), (ended.StatusCode, ended.Status.Detail));
        await _subscription.Received(1).UnsubscribeAsync();
    }

    /// <summary>A caller, who takes what is sent to it as fast as the test wants.</summary>
    private sealed class Reader : IServerStreamWriter<Api.WatchResponse>
    {
        private readonly Channel<Api.WatchResponse> _read = Channel.CreateUnbounded<Api.WatchResponse>();
        private readonly TaskCompletionSource _stuck = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource? _pause;

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(Api.WatchResponse message) => WriteAsync(message, CancellationToken.None);

        public async Task WriteAsync(Api.WatchResponse message, CancellationToken cancellationToken)
        {
            if (_pause is { } pause)
            {
                _stuck.TrySetResult();
                await pause.Task.WaitAsync(cancellationToken);
            }

            await _read.Writer.WriteAsync(message, cancellationToken);
        }

        public void Pause() => _pause = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void GoOn() => _pause!.SetResult();

        public Task IsStuckAsync() => _stuck.Task.WaitAsync(WaitMax);

        public async Task<Api.WatchResponse> NextAsync() => await _read.Reader.ReadAsync(TestContext.Current.CancellationToken);

        public IEnumerable<Api.WatchResponse> Rest()
        {
            while (_read.Reader.TryRead(out var response))
            {
                yield return response;
            }
        }
    }
}
