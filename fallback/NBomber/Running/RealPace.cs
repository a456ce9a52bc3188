using System.Runtime.InteropServices;

namespace NBomber.Running;

/// <summary>The time there is.</summary>
internal sealed class RealPace(TimeProvider clock) : IPace
{
    // What is due within it is begun together: at 30,000 a second that is four at a time, and a waking costs a few microseconds each.
    private static readonly TimeSpan RestMin = TimeSpan.FromMicroseconds(100);

    // The system's timers are late by up to a tenth of a millisecond; Thread.Sleep counts whole ones.
    private static readonly TimeSpan Coarse = TimeSpan.FromMilliseconds(2);

    private readonly long _began = clock.GetTimestamp();

    public TimeSpan Now => clock.GetElapsedTime(_began);

    public void WaitUntil(TimeSpan at)
    {
        for (var left = at - Now; left > TimeSpan.Zero; left = at - Now)
        {
            if (left > Coarse)
            {
                Thread.Sleep((int)left.TotalMilliseconds - 1);
            }
            else
            {
                Rest(left > RestMin ? left : RestMin);
            }
        }
    }

    public void Start(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);

    private static void Rest(TimeSpan time)
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
        {
            var wanted = new Timespec { Seconds = 0, Nanoseconds = (nint)(time.Ticks * 100) };
            _ = NanoSleep(in wanted, 0);
        }
        else
        {
            Thread.Sleep(1);
        }
    }

    [DllImport("libc", EntryPoint = "nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NanoSleep(in Timespec wanted, nint left);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
