using Decisioning.Engine.Customers;
using Decisioning.Storage.Resting;

namespace Decisioning.Grains.Customers;

/// <summary>
/// A customer's state in memory: open while the customer is among those asked for last, otherwise at rest, as the fewest bytes it can be read from again: a
/// quarter of the size, and one object for the collector to look at instead of a hundred. Reading and setting is for the customer's grain alone; others may
/// put it to rest at any time, which changes nothing of what is read.
/// </summary>
internal sealed class HeldState(OpenStates open)
{
    // The state itself, or its bytes.
    private object _held = CustomerState.Empty;

    // What was opened, while it is what is held: it goes to rest again without being written. Cleared before another state is held.
    private byte[]? _opened;

    /// <summary>The state.</summary>
    public CustomerState Value
    {
        get
        {
            IsUsed = true;
            return Volatile.Read(ref _held) as CustomerState ?? Open();
        }

        set
        {
            _opened = null;
            Hold(value);
        }
    }

    /// <summary>Whether it was asked for since somebody set this to false.</summary>
    public bool IsUsed { get; set; }

    /// <summary>Whether it is among the open ones; written by these alone.</summary>
    public bool IsListed { get; set; }

    /// <summary>Keeps the bytes instead of the state, if no other state comes in between.</summary>
    /// <returns>Whether it is at rest.</returns>
    public bool TryRest()
    {
        // INVARIANT (memory follows disk): bytes take the place of the state that they say, or of none.
        var held = Volatile.Read(ref _held);
        return held is not CustomerState state || ReferenceEquals(state, CustomerState.Empty)
            || ReferenceEquals(Interlocked.CompareExchange(ref _held, Volatile.Read(ref _opened) ?? RestForm.Write(state), held), held);
    }

    /// <summary>Nobody asks for it any more: it goes to rest as nothing.</summary>
    public void Leave() => (_opened, _held) = (null, CustomerState.Empty);

    private CustomerState Open()
    {
        var bytes = (byte[])_held;
        var state = RestForm.Read(bytes);
        Volatile.Write(ref _opened, bytes);
        Hold(state);
        return state;
    }

    private void Hold(CustomerState state)
    {
        IsUsed = true;
        Volatile.Write(ref _held, state);
        if (!IsListed)
        {
            open.Enter(this);
        }
    }
}
