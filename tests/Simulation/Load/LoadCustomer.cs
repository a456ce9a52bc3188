using Decisioning.Engine.Customers;
using Api = Decisioning.V1;

namespace Decisioning.Simulation.Tests.Load;

/// <summary>A customer of the load: known by name, a visitor, or a device from which a known customer comes, a visitor until an event names both.</summary>
internal sealed class LoadCustomer
{
    private const int VisitorEvery = 4;

    // Well below the 64 further identities that a customer may have. One after another, so that links are made throughout a run.
    private const int Devices = 12;
    private const int EventsPerDevice = 16;

    // Before that a device has a history of its own.
    private const int DeviceNamedEvery = 4;

    private readonly string _id;
    private readonly LoadCustomer[] _devices = [];
    private int _named;

    /// <param name="number">Which one: every fourth is a visitor.</param>
    public LoadCustomer(int number)
    {
        var isVisitor = number % VisitorEvery == 0;
        _id = $"{(isVisitor ? "visitor" : "user")}-{number:0000}";
        Key = isVisitor ? CustomerKey.Anonymous("default", _id) : CustomerKey.User("default", _id);
        Lag = TimeSpan.FromSeconds(number % 60);
        if (!isVisitor)
        {
            _devices = [.. Enumerable.Range(1, Devices).Select(device => new LoadCustomer(this, device))];
        }
    }

    private LoadCustomer(LoadCustomer owner, int device) =>
        (_id, Owner, Lag, Key) = ($"device-{device}-of-{owner._id}", owner.Key, owner.Lag, CustomerKey.Anonymous("default", $"device-{device}-of-{owner._id}"));

    /// <summary>The engine's name of it.</summary>
    public CustomerKey Key { get; }

    /// <summary>Whose device it is; null for a customer.</summary>
    public CustomerKey? Owner { get; }

    /// <summary>How far its events come behind: what ends after a minute ends within this run.</summary>
    public TimeSpan Lag { get; }

    public Api.CustomerIdentity Identity => Key.IsAnonymous ? new() { AnonymousId = _id } : new() { UserId = _id };

    /// <summary>Where the customer is just now without having said who it is; the customer itself where it has no devices.</summary>
    public LoadCustomer Device => _devices.Length == 0 ? this : _devices[Math.Min(Volatile.Read(ref _named) / EventsPerDevice, Devices - 1)];

    /// <summary>Whether an identity is one of the devices that a known customer has, which may have sent nothing by itself.</summary>
    public static bool IsDeviceOf(CustomerKey owner, string? identity) =>
        identity is not null && identity.StartsWith($"{owner.Tenant}/a/device-", StringComparison.Ordinal) && identity.EndsWith($"-of-{owner.Id}", StringComparison.Ordinal);

    public void Name(Api.Event @event)
    {
        if (Key.IsAnonymous)
        {
            @event.AnonymousId = _id;
            return;
        }

        @event.UserId = _id;
        if (Interlocked.Increment(ref _named) % DeviceNamedEvery == 0)
        {
            @event.AnonymousId = Device._id;
        }
    }
}
