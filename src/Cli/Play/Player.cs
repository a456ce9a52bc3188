using System.Diagnostics;
using Decisioning.Cli.Import;
using Decisioning.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Decisioning.Cli.Play;

/// <summary>
/// Plays lines through the API in their order, as one visitor after another would: a question takes the customer's
/// events since its last one along, all else goes out in batches.
/// </summary>
internal sealed class Player(ChannelBase channel, TimeSpan shift, SendReport report)
{
    private const int BatchMax = 100;

    private readonly Events.EventsClient _events = new(channel);
    private readonly Decisions.DecisionsClient _decisions = new(channel);
    private readonly List<Event> _waiting = [];
    private readonly Dictionary<string, Decision> _last = new(StringComparer.Ordinal);

    /// <summary>Everyone who appeared, in order of first appearance.</summary>
    public List<string> Customers { get; } = [];

    public Latencies DecisionLatencies { get; } = new();

    public Dictionary<string, int> Chosen { get; } = new(StringComparer.Ordinal);

    public int Responses { get; private set; }

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public async Task PlayAsync(PlayLine line, CancellationToken cancellationToken)
    {
        if (_seen.Add(line.Customer))
        {
            Customers.Add(line.Customer);
        }

        switch (line)
        {
            case PlayLine.Track track:
                track.Event.Timestamp = Timestamp.FromDateTimeOffset(track.At + shift);
                _waiting.Add(track.Event);
                if (_waiting.Count >= BatchMax)
                {
                    await FlushAsync(cancellationToken);
                }

                break;
            case PlayLine.Decide decide:
                await DecideAsync(decide, cancellationToken);
                break;
            case PlayLine.Respond respond:
                await RespondAsync(respond, cancellationToken);
                break;
        }
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_waiting.Count > 0)
        {
            var request = new TrackRequest();
            request.Events.AddRange(_waiting);
            _waiting.Clear();
            report.Acknowledged((await _events.TrackAsync(request, cancellationToken: cancellationToken)).Acks);
        }
    }

    private async Task DecideAsync(PlayLine.Decide decide, CancellationToken cancellationToken)
    {
        var identity = Connection.Identity(decide.Customer);
        var request = new NextBestActionRequest { Customer = identity, Channel = decide.Channel };
        request.Placements.AddRange(decide.Placements);
        for (var i = 0; i < _waiting.Count; i++)
        {
            if (_waiting[i].UserId == identity.UserId && (identity.UserId.Length > 0 || _waiting[i].AnonymousId == identity.AnonymousId))
            {
                request.Events.Add(_waiting[i]);
            }
        }

        _waiting.RemoveAll(request.Events.Contains);
        var started = Stopwatch.GetTimestamp();
        var response = await _decisions.NextBestActionAsync(request, cancellationToken: cancellationToken);
        DecisionLatencies.Add(Stopwatch.GetElapsedTime(started));
        report.Acknowledged(response.Acks);
        _last[decide.Customer] = response.Decision;
        foreach (var item in response.Decision.Items)
        {
            Chosen[item.Action] = Chosen.GetValueOrDefault(item.Action) + 1;
        }
    }

    private async Task RespondAsync(PlayLine.Respond respond, CancellationToken cancellationToken)
    {
        if (!_last.TryGetValue(respond.Customer, out var decision) || decision.Items.Count == 0)
        {
            return;
        }

        var request = new CaptureResponseRequest { Customer = Connection.Identity(respond.Customer) };
        request.Responses.Add(new ActionResponse { TrackingToken = decision.Items[0].TrackingToken, Outcome = respond.Outcome });
        report.Acknowledged((await _decisions.CaptureResponseAsync(request, cancellationToken: cancellationToken)).Acks);
        Responses++;
    }
}
