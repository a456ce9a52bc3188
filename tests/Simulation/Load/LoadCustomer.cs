using Decisioning.Engine.Customers;
using Api = Decisioning.V1;

namespace Decisioning.Simulation.Tests.Load;

/// <summary>A customer of the load: known by name, or a visitor.</summary>
internal sealed class LoadCustomer
{
    private const int VisitorEvery = 4;
    private readonly string _id;
    private readonly bool _isVisitor;

    /// <param name="number">Which one: every fourth is a visitor.</param>
    public LoadCustomer(int number)
    {
        _isVisitor = number % VisitorEvery == 0;
        _id = $"{(_isVisitor ? "visitor" : "user")}-{number:0000}";
        Key = _isVisitor ? CustomerKey.Anonymous("default", _id) : CustomerKey.User("default", _id);
        Lag = TimeSpan.FromSeconds(number % 60);
    }

    /// <summary>The engine's name of it.</summary>
    public CustomerKey Key { get; }

    /// <summary>How far its events come behind: what ends after a minute ends within this run.</summary>
    public TimeSpan Lag { get; }

    public Api.CustomerIdentity Identity => _isVisitor ? new() { AnonymousId = _id } : new() { UserId = _id };

    /// <summary>The key of the device from which a known customer's events say they come; null for a visitor.</summary>
    public static string? DeviceOf(CustomerKey key) => key.IsUser ? CustomerKey.Anonymous(key.Tenant, DeviceOf(key.Id)).Value : null;

    public void Name(Api.Event @event)
    {
        if (_isVisitor)
        {
            @event.AnonymousId = _id;
        }
        else
        {
            @event.UserId = _id;
            @event.AnonymousId = DeviceOf(_id);
        }
    }

    private static string DeviceOf(string user) => "device-of-" + user;
}
