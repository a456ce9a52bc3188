using NBomber.Contracts;

namespace NBomber.Data;

/// <summary>Hands out data, one item after the other.</summary>
public interface IDataFeed<T>
{
    /// <summary>All there is.</summary>
    T[] Items { get; }

    /// <summary>The next one for a copy.</summary>
    T GetNextItem(ScenarioInfo scenarioInfo);
}

/// <summary>Makes feeds.</summary>
public static class DataFeed
{
    /// <summary>Any of them each time.</summary>
    public static IDataFeed<T> Random<T>(IEnumerable<T> data) => new Feed<T>(data, (items, _) => System.Random.Shared.Next(items));

    /// <summary>The same one for a copy each time, and another for each copy while there are enough.</summary>
    public static IDataFeed<T> Constant<T>(IEnumerable<T> data) => new Feed<T>(data, (items, info) => info.InstanceNumber % items);

    /// <summary>One after the other, and from the first again.</summary>
    public static IDataFeed<T> Circular<T>(IEnumerable<T> data)
    {
        var next = -1L;
        return new Feed<T>(data, (items, _) => (int)(Interlocked.Increment(ref next) % items));
    }

    private sealed class Feed<T> : IDataFeed<T>
    {
        private readonly Func<int, ScenarioInfo, int> _pick;

        public Feed(IEnumerable<T> data, Func<int, ScenarioInfo, int> pick)
        {
            (Items, _pick) = ([.. data], pick);
            ArgumentOutOfRangeException.ThrowIfZero(Items.Length, nameof(data));
        }

        public T[] Items { get; }

        public T GetNextItem(ScenarioInfo scenarioInfo) => Items[_pick(Items.Length, scenarioInfo)];
    }
}
