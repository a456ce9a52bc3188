using System.Threading.Channels;
using Decisioning.V1;
using Grpc.Core;

namespace Decisioning.Cli.Import;

/// <summary>
/// Sends events over a few streams and counts their acknowledgements. A customer's events all go over one stream, so they
/// are applied in the order of the file; at most <see cref="InFlightMax"/> requests wait per stream.
/// </summary>
internal sealed class EventSender : IAsyncDisposable
{
    private const int InFlightMax = 32;

    // A request stays far below gRPC's limits whatever the events hold.
    private const int BatchEventsMax = 200;
    private const int BatchBytesMax = 512 * 1024;

    private readonly Lane[] _lanes;

    private readonly DecisionAsker? _asker;

    /// <summary>Opens the streams.</summary>
    /// <param name="client">The engine.</param>
    /// <param name="report">Counts what is answered.</param>
    /// <param name="streams">How many streams.</param>
    /// <param name="asker">Asks for decisions between the events; null for none.</param>
    /// <param name="cancellationToken">Ends everything.</param>
    public EventSender(Events.EventsClient client, SendReport report, int streams, DecisionAsker? asker, CancellationToken cancellationToken)
    {
        _asker = asker;
        _lanes = [.. Enumerable.Range(0, streams).Select(_ => new Lane(client.TrackStream(cancellationToken: cancellationToken), report, asker, cancellationToken))];
    }

    /// <summary>Takes an event; waits while its stream has too much under way.</summary>
    /// <exception cref="RpcException">The stream has ended.</exception>
    public ValueTask SendAsync(Event @event)
    {
        var key = @event.UserId.Length > 0 ? @event.UserId : @event.AnonymousId;
        return _lanes[unchecked((uint)string.GetHashCode(key, StringComparison.Ordinal)) % (uint)_lanes.Length].AddAsync(@event, _asker?.After(@event));
    }

    /// <summary>Sends what is left and waits for every acknowledgement.</summary>
    public async Task CompleteAsync()
    {
        foreach (var lane in _lanes)
        {
            await lane.CompleteAsync();
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes)
        {
            lane.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private sealed class Lane : IDisposable
    {
        private readonly AsyncDuplexStreamingCall<TrackStreamRequest, TrackStreamResponse> _call;
        private readonly SendReport _report;
        private readonly DecisionAsker? _asker;
        private readonly Channel<List<NextBestActionRequest>> _underWay = Channel.CreateBounded<List<NextBestActionRequest>>(InFlightMax);
        private readonly CancellationToken _cancellationToken;
        private readonly Task _reading;
        private TrackStreamRequest _batch = new();
        private List<NextBestActionRequest> _questions = [];
        private int _bytes;

        public Lane(
            AsyncDuplexStreamingCall<TrackStreamRequest, TrackStreamResponse> call, SendReport report, DecisionAsker? asker, CancellationToken cancellationToken)
        {
            _call = call;
            _report = report;
            _asker = asker;
            _cancellationToken = cancellationToken;
            _reading = ReadAsync();
        }

        public async ValueTask AddAsync(Event @event, NextBestActionRequest? question)
        {
            _batch.Events.Add(@event);
            if (question is not null)
            {
                _questions.Add(question);
            }

            _bytes += @event.CalculateSize();
            if (_batch.Events.Count >= BatchEventsMax || _bytes >= BatchBytesMax)
            {
                await FlushAsync();
            }
        }

        public async Task CompleteAsync()
        {
            if (_batch.Events.Count > 0)
            {
                await FlushAsync();
            }

            await _call.RequestStream.CompleteAsync();
            await _reading;
        }

        public void Dispose() => _call.Dispose();

        private async Task FlushAsync()
        {
            // When reading has failed, its failure is the one to tell.
            if (_reading.IsCompleted)
            {
                await _reading;
            }

            if (!await _underWay.Writer.WaitToWriteAsync(_cancellationToken))
            {
                await _reading;
                throw Ended();
            }

            await _underWay.Writer.WriteAsync(_questions, _cancellationToken);
            try
            {
                await _call.RequestStream.WriteAsync(_batch, _cancellationToken);
            }
            catch (Exception e) when (e is RpcException or InvalidOperationException or IOException)
            {
                await _reading;
                throw;
            }

            _report.Sent(_batch.Events.Count);
            _batch = new TrackStreamRequest();
            _questions = [];
            _bytes = 0;
        }

        private static RpcException Ended() => new(new Status(StatusCode.Unavailable, "the engine ended the stream before it had acknowledged everything"));

        private async Task ReadAsync()
        {
            try
            {
                while (await _call.ResponseStream.MoveNext(_cancellationToken))
                {
                    var questions = await _underWay.Reader.ReadAsync(_cancellationToken);
                    _report.Acknowledged(_call.ResponseStream.Current.Acks);
                    foreach (var question in questions)
                    {
                        await _asker!.AskAsync(question, _cancellationToken);
                    }
                }

                _underWay.Writer.TryComplete();
                if (_underWay.Reader.Count > 0)
                {
                    throw Ended();
                }
            }
            catch (Exception e)
            {
                _underWay.Writer.TryComplete(e);
                throw;
            }
        }
    }
}
