using System.Collections.Immutable;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Values;

namespace Decisioning.Grains.Tests.Support;

/// <summary>A customer and the calls tests make for it.</summary>
internal sealed class TestCustomer(TestEngine engine, CustomerKey key)
{
    public CustomerKey Key { get; } = key;

    public ICustomerGrain Grain { get; } = engine.Grains.GetGrain<ICustomerGrain>(key.Value);

    /// <summary>An event as the gateway makes it, now unless said otherwise.</summary>
    public CustomerEvent Event(string messageId, string name, TimeSpan ago = default, params ReadOnlySpan<(string Name, Value Value)> properties) =>
        new(messageId, EventType.Track, name, engine.Clock.Now - ago, engine.Clock.Now, PropertyMap.Of(properties), PropertyMap.Empty);

    public CustomerEvent Viewed(string messageId, TimeSpan ago = default) => Event(messageId, "Product Viewed", ago, ("price", Value.Of(20.0)));

    public CustomerEvent Response(string messageId, Decision decision, Outcome outcome)
    {
        var item = decision.Items[0];
        return new(
            messageId, EventType.Response, "", engine.Clock.Now, engine.Clock.Now, PropertyMap.Empty, PropertyMap.Empty,
            new ActionResponse(
                decision.DecisionId, item.Issue, item.Group, item.Action, item.Treatment, item.Channel, item.Placement, outcome, Behaviour.Unspecified, 0));
    }

    public Task<RecordReply> RecordAsync(params ImmutableArray<CustomerEvent> events) => Grain.RecordAsync(new RecordRequest(events));

    public async Task<DecideReply> AskAsync(string requestId, long minSequence = 0, bool dryRun = false) =>
        await Grain.DecideAsync(Question(requestId, minSequence, dryRun));

    /// <summary>The actions of an answer, best first.</summary>
    public async Task<string> ActionsAsync(string requestId, bool dryRun = false) =>
        string.Join(" ", (await AskAsync(requestId, dryRun: dryRun)).Decision!.Items.Select(item => item.Action));

    public async Task<EraseReply> EraseAsync() => await Grain.EraseAsync(new([]));

    public async Task<CustomerView> ViewAsync() => (await Grain.ViewAsync(new ViewRequest())).View!;

    public static DecideRequest Question(string requestId, long minSequence = 0, bool dryRun = false) => new(
        new DecisionRequest(requestId, "", "web", Direction.Inbound, [], 3, PropertyMap.Empty, ExplainLevel.None, dryRun), minSequence);
}
