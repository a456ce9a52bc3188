using Decisioning.Simulation.Tests.Audit;
using Google.Protobuf.Collections;
using Grpc.Core;
using Api = Decisioning.V1;

namespace Decisioning.Simulation.Tests.Load;

/// <summary>A client as it should be: what was not answered goes out again with the same ids until it is.</summary>
internal sealed class Caller(EventMaker maker, Target target, Ledger ledger, Findings findings, Failures failures)
{
    private static readonly TimeSpan CallMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);
    private (LoadCustomer Customer, Api.DecisionItem Item)? _offered;

    /// <summary>Sends until told to stop, and then until all it sent is acknowledged.</summary>
    /// <param name="stop">Nothing new is sent after it.</param>
    /// <param name="giveUp">Nothing at all is sent after it.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken giveUp)
    {
        while (!stop.IsCancellationRequested)
        {
            await (maker.Pick(100) switch
            {
                < 40 => TrackAsync([maker.Next()], giveUp),
                < 60 => TrackAsync(Several(2 + maker.Pick(30), null), giveUp),
                < 68 => StreamAsync(giveUp),
                < 82 => AskWithEventsAsync(giveUp),
                < 94 => AskForSequenceAsync(giveUp),
                _ => RespondAsync(giveUp),
            });
        }
    }

    private List<Intent> Several(int count, LoadCustomer? customer) => [.. Enumerable.Range(0, count).Select(_ => maker.Next(customer))];

    private async Task TrackAsync(List<Intent> intents, CancellationToken giveUp)
    {
        intents.ForEach(ledger.Sent);
        var request = new Api.TrackRequest();
        request.Events.AddRange(intents.Select(intent => intent.Event));
        var (response, _) = await UntilAnsweredAsync(connection => connection.Events.TrackAsync(request, deadline: Deadline()).ResponseAsync, giveUp);
        Acknowledge(intents, response.Acks);
    }

    private async Task StreamAsync(CancellationToken giveUp)
    {
        List<List<Intent>> requests = [.. Enumerable.Range(0, 5 + maker.Pick(30)).Select(_ => Several(1 + maker.Pick(4), null))];
        requests.ForEach(request => request.ForEach(ledger.Sent));
        var connection = await target.ConnectionAsync(giveUp);
        var answered = 0;
        try
        {
            using var stream = connection.Events.TrackStream(deadline: Deadline(), cancellationToken: giveUp);
            var sending = SendAsync(stream.RequestStream, requests);
            var last = new Dictionary<LoadCustomer, long>();
            while (await stream.ResponseStream.MoveNext(giveUp))
            {
                var intents = requests[answered++];
                Acknowledge(intents, stream.ResponseStream.Current.Acks);
                InOrder(last, intents, stream.ResponseStream.Current.Acks);
                connection.Answered();
            }

            await sending;
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException)
        {
            await FailedAsync(e, connection, giveUp);
        }

        foreach (var intents in requests.Skip(answered))
        {
            await TrackAsync(intents, giveUp);
        }
    }

    private static async Task SendAsync(IClientStreamWriter<Api.TrackStreamRequest> stream, List<List<Intent>> requests)
    {
        try
        {
            foreach (var intents in requests)
            {
                var request = new Api.TrackStreamRequest();
                request.Events.AddRange(intents.Select(intent => intent.Event));
                await stream.WriteAsync(request);
            }

            await stream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException)
        {
            // The reading side says what became of the stream.
        }
    }

    private void InOrder(Dictionary<LoadCustomer, long> last, List<Intent> intents, RepeatedField<Api.EventAck> acks)
    {
        for (var i = 0; i < intents.Count; i++)
        {
            // A device's events are numbered in its owner's log from some instant on.
            if (acks[i].Status is Api.EventStatus.Applied or Api.EventStatus.LateApplied && intents[i].Customer.Owner is null)
            {
                var before = last.GetValueOrDefault(intents[i].Customer);
                last[intents[i].Customer] = acks[i].Sequence;
                if (acks[i].Sequence <= before)
                {
                    findings.Add(Finding.Disordered, $"{intents[i].Customer.Key} {intents[i].MessageId} was applied as {acks[i].Sequence}, the one sent before it as {before}");
                }
            }
        }
    }

    private async Task AskWithEventsAsync(CancellationToken giveUp)
    {
        var customer = maker.Customer();
        var intents = Several(1 + maker.Pick(3), customer).FindAll(intent => intent.Customer == customer);
        if (intents.Count == 0)
        {
            return;
        }

        intents.ForEach(ledger.Sent);
        var request = Question(customer);
        request.Events.AddRange(intents.Select(intent => intent.Event));
        var (response, life) = await UntilAnsweredAsync(connection => connection.Decisions.NextBestActionAsync(request, deadline: Deadline()).ResponseAsync, giveUp);
        Acknowledge(intents, response.Acks);
        Decided(customer, response.Decision, response.Acks.Max(ack => ack.Sequence), life);
    }

    private async Task AskForSequenceAsync(CancellationToken giveUp)
    {
        var customer = maker.Customer();
        var account = ledger.Of(customer);
        var request = Question(customer);
        lock (account)
        {
            request.MinSequence = account.Sequence;
        }

        var (response, life) = await UntilAnsweredAsync(connection => connection.Decisions.NextBestActionAsync(request, deadline: Deadline()).ResponseAsync, giveUp);
        Decided(customer, response.Decision, request.MinSequence, life);
    }

    private async Task RespondAsync(CancellationToken giveUp)
    {
        if (_offered is not var (customer, item))
        {
            return;
        }

        var intent = maker.Response(customer, item);
        ledger.Sent(intent);
        var request = new Api.CaptureResponseRequest { Customer = customer.Identity, Responses = { intent.Response } };
        var (response, _) = await UntilAnsweredAsync(connection => connection.Decisions.CaptureResponseAsync(request, deadline: Deadline()).ResponseAsync, giveUp);
        Acknowledge([intent], response.Acks);
    }

    private Api.NextBestActionRequest Question(LoadCustomer customer) =>
        new() { Customer = customer.Identity, Channel = "web", DecisionRequestId = maker.NextId(), Explain = Api.ExplainLevel.None };

    private void Decided(LoadCustomer customer, Api.Decision decision, long reached, Connection life)
    {
        ledger.Decided(customer, decision, reached, life);
        _offered = decision.Items.Count > 0 ? (customer, decision.Items[0]) : null;
    }

    private void Acknowledge(List<Intent> intents, RepeatedField<Api.EventAck> acks)
    {
        for (var i = 0; i < intents.Count; i++)
        {
            ledger.Acknowledge(intents[i], acks[i]);
        }
    }

    private async Task<(T Answer, Connection Life)> UntilAnsweredAsync<T>(Func<Connection, Task<T>> call, CancellationToken giveUp)
    {
        while (true)
        {
            var connection = await target.ConnectionAsync(giveUp);
            try
            {
                var answer = await call(connection);
                connection.Answered();
                return (answer, connection);
            }
            catch (RpcException e)
            {
                await FailedAsync(e, connection, giveUp);
            }
        }
    }

    private async Task FailedAsync(Exception e, Connection connection, CancellationToken giveUp)
    {
        failures.Add(e);
        giveUp.ThrowIfCancellationRequested();
        if (target.IsUp(connection))
        {
            await Pause.ForAsync(BetweenTries, giveUp);
        }
    }

    private static DateTime Deadline() => TimeProvider.System.GetUtcNow().UtcDateTime + CallMax;
}
