using Decisioning.Engine.Customers;

namespace Decisioning.Grains.Due;

/// <summary>Customers whose wake failed, each left alone for a while that doubles with each failure. Forgotten with its activation.</summary>
internal sealed class FailedWakes(DueOptions options)
{
    private readonly Dictionary<CustomerKey, (TimeSpan For, DateTimeOffset Until)> _left = [];

    public int Count => _left.Count;

    /// <summary>Whether a customer is to be left alone now.</summary>
    public bool IsLeft(CustomerKey customer, DateTimeOffset now) =>
        _left.TryGetValue(customer, out var left) && left.Until > now && left.Until <= now + left.For;

    public void Add(CustomerKey customer, DateTimeOffset now)
    {
        var known = _left.TryGetValue(customer, out var left);
        if (!known && _left.Count >= options.FailedMax)
        {
            DropPassed(now);
            if (_left.Count >= options.FailedMax)
            {
                return;
            }
        }

        var wait = !known ? options.RetryAfter : left.For * 2 < options.RetryAfterMax ? left.For * 2 : options.RetryAfterMax;
        _left[customer] = (wait, now + wait);
    }

    public void Forget(CustomerKey customer) => _left.Remove(customer);

    private void DropPassed(DateTimeOffset now)
    {
        foreach (var (customer, left) in _left)
        {
            if (left.Until <= now)
            {
                _left.Remove(customer);
            }
        }
    }
}
