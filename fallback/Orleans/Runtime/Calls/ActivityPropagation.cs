using System.Diagnostics;
using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>Takes the caller's activity to the grain, in the request context. The same object: calls do not leave the process.</summary>
    internal static class ActivityPropagation
    {
        private const string Key = "#ACT";

        /// <summary>Whether it was asked for. Until then a call pays nothing for it.</summary>
        internal static bool IsOn { get; set; }

        internal static Dictionary<string, object>? Capture(Dictionary<string, object>? context) =>
            IsOn && Activity.Current is { } activity ? new(context ?? []) { [Key] = activity } : context;

        internal static void Restore(Dictionary<string, object> context)
        {
            if (IsOn && context.GetValueOrDefault(Key) is Activity activity)
            {
                Activity.Current = activity;
            }
        }
    }
}

namespace Orleans.Hosting
{
    public static class ActivityPropagationExtensions
    {
        /// <summary>The activity of whoever calls a grain is the current one within the call. For all silos of the process.</summary>
        public static ISiloBuilder AddActivityPropagation(this ISiloBuilder builder)
        {
            ActivityPropagation.IsOn = true;
            return builder;
        }
    }
}
