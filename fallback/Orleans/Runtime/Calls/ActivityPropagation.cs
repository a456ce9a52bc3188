using System.Diagnostics;
using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>Takes the caller's activity to the grain, in the request context. The same object: calls do not leave the process.</summary>
    internal static class ActivityPropagation
    {
        private const string Key = "#ACT";

        internal static readonly ActivitySource Source = new("Microsoft.Orleans.Application");

        /// <summary>Whether it was asked for. Until then a call pays nothing for it.</summary>
        internal static bool IsOn { get; set; }

        internal static Dictionary<string, object>? Capture(Dictionary<string, object>? context) =>
            IsOn && Source.HasListeners() && Activity.Current is { } activity ? new(context ?? []) { [Key] = activity } : context;

        internal static void Restore(Dictionary<string, object> context)
        {
            if (IsOn && context.GetValueOrDefault(Key) is Activity activity)
            {
                Activity.Current = activity;
            }
        }
    }

    /// <summary>Makes a span of each call on the grain's side; the caller's side makes none here.</summary>
    internal sealed class ActivityPropagationFilter : IIncomingGrainCallFilter
    {
        public Task Invoke(IIncomingGrainCallContext context) => ActivityPropagation.Source.HasListeners() ? InvokeInSpanAsync(context) : context.Invoke();

        private static async Task InvokeInSpanAsync(IIncomingGrainCallContext context)
        {
            var service = context.InterfaceMethod.DeclaringType!.Name;
            using var span = ActivityPropagation.Source.StartActivity($"{service}/{context.MethodName}", ActivityKind.Server);
            span?.SetTag("rpc.system.name", "orleans");
            span?.SetTag("rpc.method", $"{context.InterfaceName}/{context.MethodName}");
            span?.SetTag("orleans.rpc.target_id", context.TargetId.ToString());
            try
            {
                await context.Invoke();
            }
            catch (Exception e)
            {
                span?.SetStatus(ActivityStatusCode.Error);
                span?.SetTag("exception.type", e.GetType().FullName);
                span?.SetTag("exception.message", e.Message);
                throw;
            }
        }
    }
}

namespace Orleans.Hosting
{
    public static class ActivityPropagationExtensions
    {
        /// <summary>
        /// The activity of whoever calls a grain goes with the call, which is a span of the source <c>Microsoft.Orleans.Application</c>, if
        /// anybody listens to that. What goes with a call goes so in all silos of the process.
        /// </summary>
        public static ISiloBuilder AddActivityPropagation(this ISiloBuilder builder)
        {
            ActivityPropagation.IsOn = true;
            return builder.AddIncomingGrainCallFilter<ActivityPropagationFilter>();
        }
    }
}
