using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Gateway.Tests.Access;
using Decisioning.Gateway.Tests.Support;
using Decisioning.Tests.Shared;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Api = Decisioning.V1;
using PropertyMap = Decisioning.Engine.Values.PropertyMap;

namespace Decisioning.Gateway.Tests.Privacy;

/// <summary>What a person may ask for: everything that is kept of them, and to be forgotten.</summary>
public sealed class PrivacyTests(KeyServer server) : IClassFixture<KeyServer>
{
    private readonly string _user = GatewayServer.NewCustomer("person");

    [Fact]
    public async Task An_export_holds_what_is_known_every_event_and_every_decision_in_this_order()
    {
        await server.Events.TrackAsync(
            new()
            {
                Events =
                {
                    new Api.Event { MessageId = "m1", UserId = _user, Type = Api.EventType.Identify, Traits = Events.One("plan", Value.ForString("plus")) },
                    Events.Good("m2", _user),
                },
            },
            server.Admin);
        var decision = (await server.Decisions.NextBestActionAsync(new() { Customer = GatewayServer.User(_user), DecisionRequestId = "q1" }, server.Admin)).Decision;
        await Eventually.HoldsAsync(async () => (await ExportAsync(_user)).Any(part => part.PartCase == Api.ExportResponse.PartOneofCase.Decision));

        var parts = await ExportAsync(_user);

        Assert.Equal(
            [
                Api.ExportResponse.PartOneofCase.Start, Api.ExportResponse.PartOneofCase.Customer, Api.ExportResponse.PartOneofCase.Event,
                Api.ExportResponse.PartOneofCase.Event, Api.ExportResponse.PartOneofCase.Decision, Api.ExportResponse.PartOneofCase.End,
            ],
            parts.Select(part => part.PartCase));
        Assert.Equal(GatewayServer.User(_user), parts[0].Start.Identities.Single());
        Assert.Equal("plus", parts[1].Customer.Profile.Fields["plan"].StringValue);
        Assert.Equal((1L, "identify", "m1", "plus"), (parts[2].Event.Sequence, parts[2].Event.Type, parts[2].Event.MessageId, parts[2].Event.Properties.Fields["plan"].StringValue));
        Assert.Equal((decision.DecisionId, "q1"), (parts[4].Decision.Decision.DecisionId, parts[4].Decision.RequestId));
    }

    [Fact]
    public async Task A_decision_is_exported_with_the_containers_that_were_asked_for()
    {
        await server.Events.TrackAsync(new() { Events = { Events.Good("m1", _user) } }, server.Admin);
        var question = new Api.NextBestActionRequest { Customer = GatewayServer.User(_user), DecisionRequestId = "q1", Channel = "web" };
        question.Containers.AddRange([new() { Name = "home", Placements = { "hero" } }, new() { Name = "basket", MaxItems = 2 }]);
        await server.Decisions.NextBestActionAsync(question, server.Admin);
        await Eventually.HoldsAsync(async () => (await ExportAsync(_user)).Any(part => part.Decision is not null));

        var decision = (await ExportAsync(_user)).Single(part => part.Decision is not null).Decision;

        Assert.Equal(
            [new Api.Container { Name = "home", Placements = { "hero" }, MaxItems = 1 }, new Api.Container { Name = "basket", MaxItems = 2 }],
            decision.Containers);
    }

    [Fact]
    public async Task A_customer_who_cannot_be_loaded_for_damage_is_exported_with_all_that_can_be_read()
    {
        var customer = CustomerKey.User("default", _user);
        var now = server.Clock.GetUtcNow();
        ImmutableArray<RecordedEvent> events =
        [
            .. Enumerable.Range(1, 3).Select(i => new CustomerEvent($"m{i}", EventType.Track, "Product Viewed", now, now, PropertyMap.Empty, PropertyMap.Empty))
                .Select((e, i) => new RecordedEvent(i + 1, Recorder.ContentHash(e), e, 1)),
        ];
        await server.Store.AppendAsync(customer, 0, events, null, CancellationToken.None);
        server.Store.Damage(customer, 2);

        var parts = await ExportAsync(_user);

        Assert.Equal(
            [Api.ExportResponse.PartOneofCase.Start, Api.ExportResponse.PartOneofCase.Event, Api.ExportResponse.PartOneofCase.Event, Api.ExportResponse.PartOneofCase.End],
            parts.Select(part => part.PartCase));
        Assert.Equal(["m1", "m3"], parts[1..3].Select(part => part.Event.MessageId));
        Assert.Equal(2, parts[^1].End.Unreadable);
    }

    [Fact]
    public async Task A_customer_whom_a_newer_version_wrote_for_is_neither_exported_without_that_nor_erased_and_the_refusal_says_who_can()
    {
        var customer = CustomerKey.User("default", _user);
        var now = server.Clock.GetUtcNow();
        ImmutableArray<RecordedEvent> events =
        [
            .. new[] { EventType.Track, System.Enum.GetValues<EventType>().Max() + 1 }
                .Select((type, i) => new CustomerEvent($"m{i}", type, "Product Viewed", now, now, PropertyMap.Empty, PropertyMap.Empty))
                .Select((e, i) => new RecordedEvent(i + 1, Recorder.ContentHash(e), e, 1)),
        ];
        await server.Store.AppendAsync(customer, 0, events, null, CancellationToken.None);

        foreach (var call in new Func<Task>[]
        {
            () => ExportAsync(_user),
            () => server.Customers.EraseAsync(new() { Customer = GatewayServer.User(_user), ErasureRequestId = "t" }, server.Admin).ResponseAsync,
        })
        {
            var refused = await Assert.ThrowsAsync<RpcException>(call);
            Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
            Assert.Contains("ask an engine of that version, or update this one", refused.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_long_log_is_exported_whole()
    {
        for (var from = 0; from < 1000; from += 500)
        {
            var request = new Api.TrackRequest();
            request.Events.AddRange(Enumerable.Range(from, 500).Select(i => Events.Good($"m{i}", _user)));
            await server.Events.TrackAsync(request, server.Admin);
        }

        var events = (await ExportAsync(_user)).Where(part => part.Event is not null).Select(part => part.Event).ToList();

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => ((long)i + 1, $"m{i}")), events.Select(e => (e.Sequence, e.MessageId)));
    }

    [Fact]
    public async Task An_erased_customer_is_nobody_and_begins_anew_while_others_stay()
    {
        var other = GatewayServer.NewCustomer("stays");
        await server.Events.TrackAsync(new() { Events = { Events.Good("m1", _user), Events.Good("m2", _user), Events.Good("m1", other) } }, server.Admin);
        var erase = new Api.EraseRequest { Customer = GatewayServer.User(_user), ErasureRequestId = "ticket-1" };

        var receipt = await server.Customers.EraseAsync(erase, server.Admin);
        var again = await server.Customers.EraseAsync(erase, server.Admin);

        Assert.Equal((1L, 2L), (receipt.Identities, receipt.Events));
        Assert.Equal((receipt.ReceiptId, 0L, 0L), (again.ReceiptId, again.Identities, again.Events));
        Assert.DoesNotContain(_user, receipt.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await SequenceAsync(_user));
        Assert.Equal(1, await SequenceAsync(other));
        Assert.Equal("Applied 1", GatewayServer.Text((await server.Events.TrackAsync(new() { Events = { Events.Good("m1", _user) } }, server.Admin)).Acks[0]));
    }

    [Fact]
    public async Task By_any_of_the_identities_all_of_them_are_exported_and_erased()
    {
        var visitor = CustomerKey.Anonymous("default", _user + "-visitor");
        await server.Events.TrackAsync(
            new() { Events = { new Api.Event { MessageId = "v1", AnonymousId = visitor.Id, Event_ = "Product Viewed" }, Events.Good("m1", _user) } }, server.Admin);
        var grain = server.Services.GetRequiredService<IGrainFactory>().GetGrain<ICustomerGrain>(visitor.Value);
        Assert.Equal(LinkStatus.Linked, await grain.LinkAsync(new(CustomerKey.User("default", _user), IsVerified: true)));
        var asked = new Api.CustomerIdentity { AnonymousId = visitor.Id };

        var parts = await ReadAsync(server.Customers.Export(new() { Customer = asked }, server.Admin));
        var receipt = await server.Customers.EraseAsync(new() { Customer = asked, ErasureRequestId = "t" }, server.Admin);

        Assert.Equal(2, parts[0].Start.Identities.Count);
        Assert.Contains(parts, part => part.Event is { MessageId: "v1" });
        Assert.Contains(parts, part => part.Event is { MessageId: "m1" });
        Assert.Equal(2, receipt.Identities);
        Assert.Equal(0, await SequenceAsync(_user));
        Assert.Equal(0, (await server.Customers.GetAsync(new() { Customer = asked }, server.Admin)).Customer.Sequence);
    }

    [Fact]
    public async Task An_erasure_reaches_nobody_of_another_tenant()
    {
        await server.Events.TrackAsync(new() { Events = { Events.Good("m1", _user) } }, server.Admin);

        var receipt = await server.Customers.EraseAsync(new() { Customer = GatewayServer.User(_user), ErasureRequestId = "t" }, server.Rival);

        Assert.Equal(0, receipt.Identities);
        Assert.Equal(1, await SequenceAsync(_user));
        Assert.Equal(0, (await ReadAsync(server.Customers.Export(new() { Customer = GatewayServer.User(_user) }, server.Rival))).Single(part => part.Customer is not null).Customer.Sequence);
    }

    [Fact]
    public async Task Both_stand_in_the_audit_log_without_the_customers_id()
    {
        await ExportAsync(_user);
        var receipt = await server.Customers.EraseAsync(new() { Customer = GatewayServer.User(_user), ErasureRequestId = "ticket-7" }, server.Admin);

        var entries = (await server.Store.ReadAuditAsync("default", 0, 1000, CancellationToken.None)).Where(entry => entry.Record.Action.StartsWith("customer.", StringComparison.Ordinal)).ToList();

        Assert.Contains(entries, entry => entry.Record.Action == "customer.erase" && entry.Record.Subject == receipt.ReceiptId);
        Assert.Contains(entries, entry => entry.Record.Action == "customer.export");
        Assert.DoesNotContain(entries, entry => entry.ToString().Contains(_user, StringComparison.Ordinal) || entry.ToString().Contains("ticket-7", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_erasure_without_an_id_of_its_own_is_refused_with_the_field()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await server.Customers.EraseAsync(new() { Customer = GatewayServer.User(_user) }, server.Admin));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("erasure_request_id", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_are_there_over_plain_http_the_export_as_a_line_for_each_part()
    {
        await server.Events.TrackAsync(new() { Events = { Events.Good("m1", _user), Events.Good("m2", _user) } }, server.Admin);
        using var http = new HttpClient { BaseAddress = server.Http1 };
        http.DefaultRequestHeaders.Authorization = new("Bearer", server.AdminText);

        var lines = await PostAsync("export", $$"""{"customer":{"user_id":"{{_user}}"} }""");
        var receipt = await PostAsync("erase", $$"""{"customer":{"user_id":"{{_user}}"},"erasure_request_id":"t"}""");

        Assert.Equal(["start", "customer", "event", "event", "end"], lines.Select(line => JsonDocument.Parse(line).RootElement.EnumerateObject().Single().Name));
        Assert.Equal("2", JsonDocument.Parse(receipt.Single()).RootElement.GetProperty("events").GetString());

        async Task<string[]> PostAsync(string what, string body)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(new Uri($"/v1/customer/{what}", UriKind.Relative), content);
            answer.EnsureSuccessStatusCode();
            return (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    private async Task<long> SequenceAsync(string user) =>
        (await server.Customers.GetAsync(new() { Customer = GatewayServer.User(user) }, server.Admin)).Customer.Sequence;

    private Task<List<Api.ExportResponse>> ExportAsync(string user) => ReadAsync(server.Customers.Export(new() { Customer = GatewayServer.User(user) }, server.Admin));

    private static async Task<List<Api.ExportResponse>> ReadAsync(AsyncServerStreamingCall<Api.ExportResponse> call)
    {
        using var streaming = call;
        return await streaming.ResponseStream.ReadAllAsync().ToListAsync();
    }
}
