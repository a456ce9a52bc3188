namespace Orleans.Runtime;

/// <summary>The calls that wait for a reply, so that each can time out. Striped lists, walked a few times a second.</summary>
internal static class PendingCalls
{
    private const int PeriodMs = 200;

    private static readonly Stripe[] Stripes = CreateStripes();

    private static readonly Timer Sweeper = CreateSweeper();

    public static void Add(GrainCall call, TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        GC.KeepAlive(Sweeper);
        call.DeadlineMs = Environment.TickCount64 + (long)Math.Min(timeout.TotalMilliseconds, uint.MaxValue);
        var index = Environment.CurrentManagedThreadId & (Stripes.Length - 1);
        var stripe = Stripes[index];
        lock (stripe)
        {
            // A call that ended meanwhile may have looked for its stripe already; one that slips through goes with the next sweep.
            if (call.HasReply)
            {
                return;
            }

            call.PendingStripe = index;
            call.NextPending = stripe.Head;
            if (stripe.Head is { } head)
            {
                head.PreviousPending = call;
            }

            stripe.Head = call;
        }
    }

    public static void Remove(GrainCall call)
    {
        var stripe = Stripes[call.PendingStripe];
        lock (stripe)
        {
            stripe.Unlink(call);
        }
    }

    private static void Sweep()
    {
        var now = Environment.TickCount64;
        foreach (var stripe in Stripes)
        {
            List<GrainCall>? late = null;
            lock (stripe)
            {
                for (var call = stripe.Head; call is not null;)
                {
                    var next = call.NextPending;
                    if (call.HasReply || call.DeadlineMs <= now)
                    {
                        stripe.Unlink(call);
                        (late ??= []).Add(call);
                    }

                    call = next;
                }
            }

            foreach (var call in late ?? [])
            {
                call.OnTimeout(call.Method.ResponseTimeout ?? call.Reference.Shared.Factory.ResponseTimeout);
            }
        }
    }

    private static Stripe[] CreateStripes()
    {
        var stripes = new Stripe[16];
        for (var i = 0; i < stripes.Length; i++)
        {
            stripes[i] = new();
        }

        return stripes;
    }

    private static Timer CreateSweeper()
    {
        using (ExecutionContext.SuppressFlow())
        {
            return new(static _ => Sweep(), null, PeriodMs, PeriodMs);
        }
    }

    private sealed class Stripe
    {
        public GrainCall? Head { get; set; }

        public void Unlink(GrainCall call)
        {
            if (call.PreviousPending is { } previous)
            {
                previous.NextPending = call.NextPending;
            }
            else if (ReferenceEquals(Head, call))
            {
                Head = call.NextPending;
            }

            if (call.NextPending is { } next)
            {
                next.PreviousPending = call.PreviousPending;
            }

            call.NextPending = call.PreviousPending = null;
        }
    }
}
