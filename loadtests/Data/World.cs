using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Data;

/// <summary>
/// Customers, what they did so far and what they do now, for the strategy of <see cref="LoadStrategy"/>. All of it is a function of the
/// seed; times are relative to <paramref name="now"/>.
/// </summary>
internal sealed class World(int seed, int customers, DateTimeOffset now)
{
    private const int HistoryPurpose = 1;
    private const int LivePurpose = 2;
    private const int QuestionPurpose = 3;
    private const int Kinds = 12;
    private static readonly string[] Plans = ["none", "basic", "plus", "gold"];
    private static readonly string[] Cities = ["Bonn", "Leeds", "Lyon", "Porto", "Riga"];
    private static readonly Struct[] Contexts = [Context("web", "mobile"), Context("web", "desktop"), Context("app", "mobile")];
    private static readonly Struct[] Properties = [.. Enumerable.Range(0, 256).Select(PropertiesOf)];
    private readonly Zipf _customers = new(customers);

    /// <summary>How many customers there are.</summary>
    public int Customers => customers;

    /// <summary>A customer's id.</summary>
    public static string Id(int customer) => string.Create(CultureInfo.InvariantCulture, $"customer-{customer:D7}");

    /// <summary>
    /// What a customer did before the load, in order of time: who it is, then events of the last 30 days; most have a handful, one in a
    /// hundred more than forty.
    /// </summary>
    public IEnumerable<Api.Event> History(int customer)
    {
        var draw = new Draw(seed, HistoryPurpose, customer);
        var count = Math.Min(200, (int)(1.5 / Math.Pow(1 - draw.Share(), 0.72)));
        var at = now - TimeSpan.FromDays(30 * draw.Share());
        yield return new()
        {
            Type = Api.EventType.Identify,
            MessageId = $"{Id(customer)}-traits",
            UserId = Id(customer),
            Traits = new()
            {
                Fields =
                {
                    ["plan"] = Value.ForString(Plans[draw.Below(Plans.Length)]),
                    ["age"] = Value.ForNumber(16 + draw.Below(70)),
                    ["city"] = Value.ForString(Cities[draw.Below(Cities.Length)]),
                    ["member"] = Value.ForBool(draw.Below(3) == 0),
                },
            },
            Context = Contexts[draw.Below(Contexts.Length)],
            Timestamp = Timestamp.FromDateTimeOffset(at),
        };
        for (var i = 0; i < count; i++)
        {
            at += (now - at) * (draw.Share() / (count - i));
            yield return Event(ref draw, customer, $"{Id(customer)}-{i}", at);
        }
    }

    /// <summary>Whose turn it is in a call where all come as often, one after the other.</summary>
    public int InTurn(long call) => (int)(call % customers);

    /// <summary>Whose turn it is in a call where a few customers come very often.</summary>
    public int Customer(long call) => _customers.Pick(new Draw(seed, LivePurpose, call).Share());

    /// <summary>What happens to a customer in a call.</summary>
    /// <param name="call">Which.</param>
    /// <param name="prefix">Makes ids of one load unlike those of another.</param>
    /// <param name="customer">To whom.</param>
    public Api.Event Live(long call, string prefix, int customer)
    {
        var draw = new Draw(seed, LivePurpose, call);
        _ = draw.Share();
        return Event(ref draw, customer, string.Create(CultureInfo.InvariantCulture, $"{prefix}-{call}"), TimeProvider.System.GetUtcNow());
    }

    /// <summary>What is asked of a customer in a call: the three best for the hero of a web page.</summary>
    public Api.NextBestActionRequest Question(long call, Api.ExplainLevel explain, int customer) => new()
    {
        Customer = new() { UserId = Id(customer) },
        Container = "home",
        Channel = "web",
        Direction = Api.Direction.Inbound,
        Placements = { "hero" },
        MaxItems = 3,
        Context = Contexts[new Draw(seed, QuestionPurpose, call).Below(Contexts.Length)],
        Explain = explain,
    };

    private static Api.Event Event(ref Draw draw, int customer, string id, DateTimeOffset at) => new()
    {
        Type = Api.EventType.Track,
        MessageId = id,
        UserId = Id(customer),

        // Common kinds come often, rare ones seldom.
        Event_ = string.Create(CultureInfo.InvariantCulture, $"Event {Math.Min(draw.Below(Kinds), draw.Below(Kinds))}"),
        Properties = Properties[draw.Below(Properties.Length)],
        Context = Contexts[draw.Below(Contexts.Length)],
        Timestamp = Timestamp.FromDateTimeOffset(at),
    };

    private static Struct Context(string channel, string device) => new()
    {
        Fields = { ["channel"] = Value.ForString(channel), ["device"] = Value.ForStruct(new() { Fields = { ["type"] = Value.ForString(device) } }) },
    };

    private static Struct PropertiesOf(int number) => new()
    {
        Fields =
        {
            ["price"] = Value.ForNumber(4.99 + (number * 7 % 90)),
            ["category"] = Value.ForString($"c{number % 8}"),
            ["item"] = Value.ForString($"i{number % 40}"),
        },
    };
}
