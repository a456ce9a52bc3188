using Google.Protobuf.WellKnownTypes;
using Api = Decisioning.V1;

namespace Decisioning.Simulation.Tests.Load;

/// <summary>
/// Makes what a hasty world sends: fresh events, late ones, some out of their order, some of the future, repeats, and ids that
/// were used before for something else.
/// </summary>
internal sealed class EventMaker(string name, int seed, LoadCustomer[] customers, RecentIntents recent, TimeProvider clock)
{
    private const int HotCustomers = 6;
    private static readonly string[] Categories = ["shoes", "hats", "coats", "bags", "socks", "belts"];
    private static readonly string[] Plans = ["none", "plus", "premium"];
    private readonly Random _random = new(seed);
    private int _made;

    /// <summary>A customer: one in three times a hot one.</summary>
    public LoadCustomer Customer() => customers[_random.Next(_random.Next(3) == 0 ? Math.Min(HotCustomers, customers.Length) : customers.Length)];

    public int Pick(int below) => _random.Next(below);

    public string NextId() => $"{name}-{++_made}";

    /// <summary>Something to send: of a customer, or of anyone.</summary>
    public Intent Next(LoadCustomer? customer = null)
    {
        var kind = _random.Next(100);
        if (kind < 20 && recent.Any(_random, customer) is { } earlier)
        {
            return kind < 15 ? earlier : WithOtherContents(earlier);
        }

        var intent = Fresh(customer ?? (_random.Next(4) == 0 ? Customer().Device : Customer()), kind);
        recent.Add(intent);
        return intent;
    }

    /// <summary>What came of an item of a decision.</summary>
    public Intent Response(LoadCustomer customer, Api.DecisionItem item)
    {
        var id = NextId();
        Api.Outcome[] outcomes = [Api.Outcome.Impression, Api.Outcome.Clicked, Api.Outcome.Accepted, Api.Outcome.Rejected];
        return new(customer, id, 0, null, new() { MessageId = id, TrackingToken = item.TrackingToken, Outcome = outcomes[_random.Next(outcomes.Length)] });
    }

    private Intent WithOtherContents(Intent earlier)
    {
        var other = earlier.Event!.Clone();
        var variant = earlier.Variant + 1 + _random.Next(3);
        (other.Type == Api.EventType.Identify ? other.Traits : other.Properties).Fields[Intent.VariantProperty] = Value.ForNumber(variant);
        return earlier with { Variant = variant, Event = other };
    }

    private Intent Fresh(LoadCustomer customer, int kind)
    {
        var id = NextId();
        var @event = Contents();
        @event.MessageId = id;
        customer.Name(@event);
        var isOfTheFuture = kind is >= 96;
        if (kind is < 84)
        {
            @event.Timestamp = At(customer.Lag + TimeSpan.FromMilliseconds(_random.Next(8_000)));
        }
        else if (kind is < 90)
        {
            @event.Timestamp = At(TimeSpan.FromMinutes(_random.Next(61, 3 * 24 * 60)));
        }
        else if (isOfTheFuture)
        {
            @event.Timestamp = At(TimeSpan.FromDays(-1));
        }

        return new(customer, id, 0, @event) { IsOfTheFuture = isOfTheFuture };
    }

    private Api.Event Contents()
    {
        var @event = new Api.Event { Type = Api.EventType.Track, Properties = new() { Fields = { [Intent.VariantProperty] = Value.ForNumber(0) } } };
        var fields = @event.Properties.Fields;
        switch (_random.Next(20))
        {
            case < 11:
                @event.Event_ = "Product Viewed";
                fields["price"] = Value.ForNumber(_random.Next(1, 120));
                fields["category"] = Value.ForString(Categories[_random.Next(Categories.Length)]);
                break;
            case < 14:
                @event.Event_ = "Product Added";
                fields["price"] = Value.ForNumber(_random.Next(1, 120));
                fields["quantity"] = Value.ForNumber(_random.Next(1, 5));
                break;
            case < 16:
                @event.Event_ = "Order Completed";
                fields["revenue"] = Value.ForNumber(_random.Next(100, 40_000) / 100.0);
                break;
            case < 17:
                @event.Type = Api.EventType.Identify;
                @event.Traits = new() { Fields = { ["plan"] = Value.ForString(Plans[_random.Next(Plans.Length)]), ["city"] = Value.ForString($"city {_random.Next(50)}") } };
                @event.Traits.Fields[Intent.VariantProperty] = Value.ForNumber(0);
                @event.Properties = null;
                break;
            case < 18:
                @event.Type = Api.EventType.Page;
                @event.Name = $"/page/{_random.Next(40)}";
                break;
            default:
                @event.Event_ = $"Unheard Of {_random.Next(30)}";
                fields["note"] = Value.ForString(new string('x', _random.Next(200)));
                break;
        }

        return @event;
    }

    private Timestamp At(TimeSpan ago) => Timestamp.FromDateTimeOffset(clock.GetUtcNow() - ago);
}
