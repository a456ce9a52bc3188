namespace Orleans.Concurrency
{
    /// <summary>This method changes nothing: it may overlap other read-only methods, never one that writes.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class ReadOnlyAttribute : Attribute;

    /// <summary>All methods of this class may overlap at their awaits.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class ReentrantAttribute : Attribute;

    /// <summary>This method may overlap every other one at its awaits.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class AlwaysInterleaveAttribute : Attribute;

    /// <summary>The caller does not wait for this method and learns neither of its end nor of its failure.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class OneWayAttribute : Attribute;

    /// <summary>Calls are spread over up to this many activations of one key; by default one for each processor.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class StatelessWorkerAttribute : Attribute
    {
        public StatelessWorkerAttribute() => MaxLocalWorkers = Environment.ProcessorCount;

        public StatelessWorkerAttribute(int maxLocalWorkers)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxLocalWorkers);
            MaxLocalWorkers = maxLocalWorkers;
        }

        internal int MaxLocalWorkers { get; }
    }
}

namespace Orleans
{
    using Orleans.Runtime;

    /// <summary>The name of a grain class inside grain ids; by default its class name without `Grain`, in lower case.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class GrainTypeAttribute(string grainType) : Attribute
    {
        internal GrainType GrainType { get; } = GrainType.Create(grainType);
    }
}

namespace Orleans.Configuration
{
    /// <summary>How long an activation of this class may be idle before it is collected. At least one minute.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class CollectionAgeLimitAttribute : Attribute
    {
        public double Days { get; set; }

        public double Hours { get; set; }

        public double Minutes { get; set; }

        public bool AlwaysActive { get; set; }

        internal TimeSpan Limit => AlwaysActive
            ? Timeout.InfiniteTimeSpan
            : TimeSpan.FromMinutes(Math.Max(1, TimeSpan.FromDays(Days).TotalMinutes + TimeSpan.FromHours(Hours).TotalMinutes + Minutes));
    }

    /// <summary>Activations of this class are never collected for being idle.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class KeepAliveAttribute : Attribute;
}
