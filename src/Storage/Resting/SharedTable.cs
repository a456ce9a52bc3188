using System.Collections.Concurrent;

namespace Decisioning.Storage.Resting;

/// <summary>
/// Things that the states of many customers have in common, each once for the whole process, and with a number. Never forgotten; at most 65,536. What finds no place is
/// written out instead, and is right as well.
/// </summary>
internal sealed class SharedTable<T>(IEqualityComparer<T> comparer)
    where T : notnull
{
    private const int Max = 65_536;

    private readonly ConcurrentDictionary<T, int> _numbers = new(comparer);
    private readonly T[] _things = new T[Max];
    private readonly Lock _gate = new();
    private int _count;

    /// <summary>The number of a thing; false when it has no place.</summary>
    public bool TryNumber(T thing, out int number)
    {
        if (_numbers.TryGetValue(thing, out number))
        {
            return true;
        }

        if (Volatile.Read(ref _count) == Max)
        {
            return false;
        }

        lock (_gate)
        {
            if (_numbers.TryGetValue(thing, out number))
            {
                return true;
            }

            if (_count == Max)
            {
                return false;
            }

            // Whoever finds the number must find the thing.
            number = _count++;
            _things[number] = thing;
            _numbers[thing] = number;
            return true;
        }
    }

    /// <summary>The thing of a number that <see cref="TryNumber"/> gave.</summary>
    public T At(int number) => _things[number];
}
