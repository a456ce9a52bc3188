using Decisioning.Tests.Shared;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Api = Decisioning.V1;

namespace Decisioning.Simulation.Tests.Attack.Mutation;

/// <summary>A method of gRPC, with a message that it would take.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Scope">The least scope that opens it, as docs/operations.md has it.</param>
/// <param name="Message">A good message.</param>
/// <param name="Weight">How often it is called where all are: 1 for those that are work.</param>
internal sealed record SampleCall(string Path, string Scope, IMessage Message, int Weight);

/// <summary>Every method of the API with a good message.</summary>
internal static class SampleCalls
{
    private const int Often = 20;
    private const int Seldom = 1;
    private const string User = "u1";

    private static readonly ServiceDescriptor[] Services =
    [
        Api.Events.Descriptor, Api.Decisions.Descriptor, Api.Customers.Descriptor, Api.Strategies.Descriptor, Api.Histories.Descriptor, Api.Keys.Descriptor, Api.Audits.Descriptor,
    ];

    /// <summary>All of them. A method that is not described here ends the run: what nobody attacks is not known to be safe.</summary>
    public static IReadOnlyList<SampleCall> All { get; } = [.. Services.SelectMany(service => service.Methods).Select(Of)];

    /// <summary>The message of a call, about another customer where it is about one.</summary>
    public static IMessage About(SampleCall call, string user)
    {
        var message = call.Message.Descriptor.Parser.ParseFrom(call.Message.ToByteArray());
        if (message.Descriptor.FindFieldByName("customer") is { } customer)
        {
            customer.Accessor.SetValue(message, new Api.CustomerIdentity { UserId = user });
        }

        return message;
    }

    private static SampleCall Of(MethodDescriptor method)
    {
        var (scope, message, weight) = Describe($"{method.Service.Name}/{method.Name}");
        return new($"/{method.Service.FullName}/{method.Name}", scope, message, weight);
    }

    private static (string Scope, IMessage Message, int Weight) Describe(string method) => method switch
    {
        "Events/Track" => ("track", new Api.TrackRequest { Events = { Event("m1"), Link() } }, Often),
        "Events/TrackStream" => ("track", new Api.TrackStreamRequest { Events = { Event("m2") } }, Often),
        "Decisions/NextBestAction" => ("decide", Question(), Often),
        "Decisions/NextBestActionStream" => ("decide", new Api.NextBestActionStreamRequest { Request = Question() }, Often),
        "Decisions/CaptureResponse" => ("track", Responses(), Often),
        "Customers/Get" => ("agent", new Api.GetRequest { Customer = Customer(), MinSequence = 1 }, Often),
        "Customers/List" => ("admin", new Api.ListRequest { Features = { "views" }, PageSize = 10, PageToken = "", IncludeAnonymous = true }, Seldom),
        "Customers/Watch" => ("decide", new Api.WatchRequest { Customer = Customer(), Channel = "web", Placements = { "hero" }, MaxItems = 2 }, Seldom),
        "Customers/Export" => ("admin", new Api.ExportRequest { Customer = Customer() }, Seldom),
        "Customers/Erase" => ("admin", new Api.EraseRequest { Customer = new() { UserId = "nobody" }, ErasureRequestId = "ticket-1" }, Seldom),
        "Strategies/Get" => ("author", new Api.StrategiesGetRequest { Version = 1 }, Often),
        "Strategies/Validate" => ("author", new Api.ValidateRequest { Source = Source() }, Seldom),
        "Strategies/Publish" => ("author", new Api.PublishRequest { Source = Source(), ReplacesHash = "0" }, Seldom),
        "Histories/StateAt" => ("author", new Api.StateAtRequest { Customer = Customer(), At = new() { Seconds = 1_772_000_000 } }, Often),
        "Histories/ReplayDecisions" => ("author", new Api.ReplayDecisionsRequest { Customer = Customer(), StrategyVersion = 1, MaxDiffering = 2 }, Seldom),
        "Histories/Verify" => ("author", new Api.VerifyRequest { Customer = Customer() }, Seldom),
        "Keys/Create" => ("admin", new Api.KeysCreateRequest { Name = "made", Scopes = { Api.Scope.Track }, IsPublic = true, Origins = { "https://shop.example" }, ExpiresAt = new() { Seconds = 4_000_000_000 } }, Seldom),
        "Keys/List" => ("admin", new Api.KeysListRequest { PageSize = 10, PageToken = "" }, Seldom),
        "Keys/Revoke" => ("admin", new Api.KeysRevokeRequest { Id = "aaaaaaaaaaaa" }, Seldom),
        "Audits/List" => ("admin", new Api.AuditsListRequest { PageSize = 10, After = 1 }, Often),
        _ => throw new InvalidOperationException($"`{method}` has no sample here; describe it, so that it is attacked too"),
    };

    private static Api.CustomerIdentity Customer() => new() { UserId = User };

    private static Api.Event Event(string id) => new()
    {
        Type = Api.EventType.Track,
        MessageId = id,
        UserId = User,
        AnonymousId = "a1",
        Event_ = "Product Viewed",
        Properties = new() { Fields = { ["price"] = Value.ForNumber(3.5), ["tags"] = Value.ForList(Value.ForString("a"), Value.ForStruct(new() { Fields = { ["b"] = Value.ForNull() } })) } },
        Context = new() { Fields = { ["ip"] = Value.ForString("192.0.2.1") } },
        Timestamp = new() { Seconds = 1_772_000_000, Nanos = 5_000_000 },
        SentAt = new() { Seconds = 1_772_000_001 },
    };

    private static Api.Event Link() => new() { Type = Api.EventType.Alias, MessageId = "m3", UserId = User, PreviousId = "a2", Traits = new() { Fields = { ["plan"] = Value.ForString("gold") } } };

    private static Api.NextBestActionRequest Question() => new()
    {
        Customer = Customer(),
        Channel = "web",
        Placements = { "hero" },
        MaxItems = 2,
        Context = new() { Fields = { ["page"] = Value.ForStruct(new() { Fields = { ["path"] = Value.ForString("/") } }) } },
        Events = { Event("m4") },
        SessionId = "s1",
        DecisionRequestId = "d1",
        Explain = Api.ExplainLevel.Full,
    };

    private static Api.CaptureResponseRequest Responses() => new()
    {
        Customer = Customer(),
        Responses = { new Api.ActionResponse { MessageId = "r1", Action = "welcome", Channel = "web", Placement = "hero", Outcome = Api.Outcome.Clicked, Reward = 1.5, OccurredAt = new() { Seconds = 1_772_000_000 } } },
    };

    private static Api.StrategySource Source() => new() { Files = { new Api.StrategyFile { Path = "strategy.yaml", Text = TestStrategies.Sale } } };
}
