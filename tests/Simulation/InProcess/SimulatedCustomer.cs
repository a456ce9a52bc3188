using System.Collections.Immutable;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Values;
using Decisioning.Gateway.Replies;
using Decisioning.Gateway.Requests;
using Decisioning.Simulation.Tests.Audit;
using Decisioning.Simulation.Tests.Load;
using Orleans.Runtime;

namespace Decisioning.Simulation.Tests.InProcess;

/// <summary>One customer's calls to two engines over a log that fails: everything it does is a function of its seed.</summary>
internal sealed class SimulatedCustomer
{
    private const int TriesMax = 100;
    private readonly World _world;
    private readonly LoadCustomer _customer;
    private readonly EventMaker _maker;
    private readonly FaultScript _script;
    private readonly Random _random;
    private (HeldAppend Held, Task Call)? _underWay;

    /// <param name="world">Where it lives.</param>
    /// <param name="seed">Which one it is, and where its chance begins.</param>
    /// <param name="withFaults">Whether its calls to the log fail now and then.</param>
    public SimulatedCustomer(World world, int seed, bool withFaults = true)
    {
        (_world, _customer, _random) = (world, new(seed), new(seed));
        _maker = new("e", seed, [_customer], new(), world.Clock);
        _script = new(seed);
        if (withFaults)
        {
            world.Play(_customer.Key, _script);
        }
    }

    /// <summary>Questions that were answered.</summary>
    public int Answered { get; private set; }

    /// <summary>Some steps of its life.</summary>
    public async Task LiveAsync(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            var engine = _random.Next(4) == 0 ? 1 : 0;
            await (_random.Next(20) switch
            {
                < 11 => RecordAsync(engine, Batch()),
                < 14 => MeetAsync(engine),
                < 16 => AskWhileCommittingAsync(engine),
                < 18 => AskAsync(engine),
                _ => LookAsync(engine),
            });
        }

        await SettleAsync();
    }

    /// <summary>The last moment before an engine crashes: mostly something is under way, and the log may hear of it long after.</summary>
    public async Task BeforeCrashAsync(int engine)
    {
        if (_random.Next(4) > 0)
        {
            var intents = Batch();
            var (held, call) = await HeldAsync(engine, intents);
            _underWay = (held, EndAsync());

            async Task EndAsync()
            {
                if (!await call)
                {
                    await RecordAsync(0, intents);
                }
            }
        }
    }

    /// <summary>Two activations write at once, and each until it is acknowledged.</summary>
    public Task RaceAsync()
    {
        var (first, second) = (Batch(), Batch());
        return Task.WhenAll(RecordAsync(0, first), RecordAsync(1, second));
    }

    /// <summary>Lets come to its end what was left under way.</summary>
    public async Task SettleAsync()
    {
        if (_underWay is var (held, call))
        {
            held.Release(_random.Next(2) == 0);
            await call;
            _underWay = null;
        }
    }

    private ICustomerGrain Grain(int engine) => _world.Engines[engine].GetGrain<ICustomerGrain>(_customer.Key.Value);

    private Intent[] Batch()
    {
        Intent[] intents = [.. Enumerable.Range(0, 1 + _random.Next(4)).Select(_ => _maker.Next())];
        foreach (var intent in intents)
        {
            _world.Ledger.Sent(intent);
        }

        return intents;
    }

    // As callers do: what was not acknowledged goes out again.
    private async Task RecordAsync(int engine, Intent[] intents)
    {
        for (var attempt = 0; attempt < TriesMax; attempt++)
        {
            if (await TryRecordAsync(engine, intents))
            {
                return;
            }
        }

        _world.Findings.Add(Finding.Unforeseen, $"{_customer.Key}: a batch was not acknowledged in {TriesMax} tries");
    }

    private async Task<bool> TryRecordAsync(int engine, Intent[] intents)
    {
        var now = _world.Clock.GetUtcNow();
        intents = [.. intents.Select(intent => intent with { IsOfTheFuture = intent.Event!.Timestamp?.ToDateTimeOffset() > now + Limits.ClockSkewMax })];
        ImmutableArray<CustomerEvent> events = [.. intents.Select(intent => EventReader.Read(intent.Event!, 0, "default", null, now).Event!)];
        try
        {
            var reply = await Grain(engine).RecordAsync(new RecordRequest(events));
            foreach (var (intent, outcome) in intents.Zip(reply.Outcomes))
            {
                _world.Ledger.Acknowledge(intent, AckWriter.Write(outcome));
            }

            return true;
        }
        catch (Exception e) when (e is StoreUnavailableException or OrleansException or TimeoutException)
        {
            return false;
        }
    }

    // Two activations write at once: one is held before the log, the other overtakes it.
    private async Task MeetAsync(int engine)
    {
        var (first, second) = (Batch(), Batch());
        var (held, call) = await HeldAsync(engine, first);
        await RecordAsync(1 - engine, second);
        held.Release(goesOn: true);
        if (!await call)
        {
            await RecordAsync(engine, first);
        }
    }

    private async Task AskWhileCommittingAsync(int engine)
    {
        var intents = Batch();
        var (held, call) = await HeldAsync(engine, intents);
        await AskAsync(engine);
        held.Release(_random.Next(3) > 0);
        if (!await call)
        {
            await RecordAsync(engine, intents);
        }
    }

    private async Task<(HeldAppend Held, Task<bool> Call)> HeldAsync(int engine, Intent[] intents)
    {
        var held = _script.Hold(intents.Select(intent => intent.MessageId));
        var call = TryRecordAsync(engine, intents);

        // A batch of repeats never comes as far as the log.
        await Task.WhenAny(held.Arrived, call);
        if (!held.Arrived.IsCompleted)
        {
            _script.HoldNone();
        }

        return (held, call);
    }

    private async Task AskAsync(int engine)
    {
        var account = _world.Ledger.Of(_customer);
        long acknowledged;
        lock (account)
        {
            acknowledged = account.Sequence;
        }

        var request = new DecisionRequest(_maker.NextId(), "", "web", Direction.Inbound, [], 3, PropertyMap.Empty, ExplainLevel.None, DryRun: false);
        try
        {
            var reply = await Grain(engine).DecideAsync(new DecideRequest(request, acknowledged));
            Answered++;
            if (reply.Decision is { } decision && decision.Sequence < acknowledged)
            {
                _world.Findings.Add(Finding.Stale, $"{_customer.Key}: a decision saw {decision.Sequence}, {acknowledged} was acknowledged before");
            }
        }
        catch (Exception e) when (e is StoreUnavailableException or OrleansException)
        {
            // Not in memory, and the log could not be read.
        }
    }

    private async Task LookAsync(int engine)
    {
        try
        {
            var view = (await Grain(engine).ViewAsync(new ViewRequest())).View!;
            foreach (var feature in view.Features.Entries.Where(feature => feature.Value.TryNumber(out var number) && number < 0))
            {
                _world.Findings.Add(Finding.Unforeseen, $"{_customer.Key}: {feature.Key} is {feature.Value}");
            }
        }
        catch (Exception e) when (e is StoreUnavailableException or OrleansException)
        {
            // As above.
        }
    }
}
