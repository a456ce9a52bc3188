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
    // The state itself, what was opened, or the bytes: one reference, so that a state and other bytes are never taken for a pair.
    private object _held = CustomerState.Empty;

    /// <summary>The state.</summary>
    public CustomerState Value
    {
        get
        {
            IsUsed = true;
            return Volatile.Read(ref _held) switch
            {
                CustomerState state => state,
                Opened opened => opened.State,
                var bytes => Open((byte[])bytes),
            };
        }

        set
        {
            Sequence = value.Sequence;
            Hold(value);
        }
    }

    /// <summary>The sequence of the state, told without opening it.</summary>
    public long Sequence { get; private set; }

    /// <summary>Whether it was asked for since somebody set this to false.</summary>
    public bool IsUsed { get; set; }

    /// <summary>Its place among the open ones, below zero for none; for these alone.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Whether it is among the open ones.</summary>
    public bool IsListed => Place >= 0;

    /// <summary>Whether it is at rest.</summary>
    public bool IsAtRest => Volatile.Read(ref _held) is byte[];

    /// <summary>Keeps the bytes instead of the state, if no other state comes in between.</summary>
    /// <returns>Whether it is at rest, or nothing.</returns>
    public bool TryRest()
    {
        // INVARIANT (open is listed): that it is listed no more is seen by whoever holds a state that is not seen here. The other half is in Hold.
        Interlocked.MemoryBarrier();

        // INVARIANT (memory follows disk): bytes take the place of the state that they say, or of none.
        var held = Volatile.Read(ref _held);
        var bytes = held switch
        {
            Opened opened => opened.Bytes,
            CustomerState state when !ReferenceEquals(state, CustomerState.Empty) => open.Write(state),
            _ => null,
        };
        return bytes is null
            || (Interlocked.CompareExchange(ref _held, bytes, held) is var found && (ReferenceEquals(found, held) || ReferenceEquals(found, CustomerState.Empty)));
    }

    /// <summary>Nobody asks for it any more: it goes to rest as nothing, and its place among the open ones is another's.</summary>
    public void Leave()
    {
        Volatile.Write(ref _held, CustomerState.Empty);
        open.Leave(this);
    }

    private CustomerState Open(byte[] bytes)
    {
        var state = RestForm.Read(bytes);
        Hold(new Opened(state, bytes));
        return state;
    }

    private void Hold(object held)
    {
        IsUsed = true;

        // A full fence: what is held is seen before it is read whether it is listed.
        Interlocked.Exchange(ref _held, held);
        if (!IsListed)
        {
            open.Enter(this);
        }
    }

    /// <summary>A state with the bytes that it was read from: it goes to rest again without being written.</summary>
    private sealed class Opened(CustomerState state, byte[] bytes)
    {
        public CustomerState State => state;

        public byte[] Bytes => bytes;
    }
}
