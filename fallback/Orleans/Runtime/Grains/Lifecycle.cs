namespace Orleans
{
    /// <summary>Something that starts in stages, lowest first, and stops in the opposite order.</summary>
    public interface ILifecycleObservable
    {
        IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer);
    }

    public interface ILifecycleObserver
    {
        Task OnStart(CancellationToken cancellationToken = default);

        Task OnStop(CancellationToken cancellationToken = default);
    }

    public interface ILifecycleParticipant<TLifecycleObservable>
        where TLifecycleObservable : ILifecycleObservable
    {
        void Participate(TLifecycleObservable lifecycle);
    }

    /// <summary>The stages of a silo's start.</summary>
    public static class ServiceLifecycleStage
    {
        public const int First = int.MinValue;
        public const int RuntimeInitialize = 2000;
        public const int RuntimeServices = 4000;
        public const int RuntimeStorageServices = 6000;
        public const int RuntimeGrainServices = 8000;
        public const int AfterRuntimeGrainServices = 8100;
        public const int ApplicationServices = 10000;
        public const int BecomeActive = Active - 1;
        public const int Active = 20000;
        public const int Last = int.MaxValue;
    }

    public static class LifecycleExtensions
    {
        private static readonly Func<CancellationToken, Task> Nothing = static _ => Task.CompletedTask;

        public static IDisposable Subscribe(
            this ILifecycleObservable observable, string observerName, int stage, Func<CancellationToken, Task> onStart, Func<CancellationToken, Task>? onStop) =>
            observable.Subscribe(observerName, stage, new Observer(onStart, onStop ?? Nothing));

        public static IDisposable Subscribe(this ILifecycleObservable observable, string observerName, int stage, Func<CancellationToken, Task> onStart) =>
            observable.Subscribe(observerName, stage, onStart, null);

        public static IDisposable Subscribe<TObserver>(this ILifecycleObservable observable, int stage, ILifecycleObserver observer) =>
            observable.Subscribe(typeof(TObserver).FullName!, stage, observer);

        public static IDisposable Subscribe<TObserver>(
            this ILifecycleObservable observable, int stage, Func<CancellationToken, Task> onStart, Func<CancellationToken, Task> onStop) =>
            observable.Subscribe(typeof(TObserver).FullName!, stage, onStart, onStop);

        public static IDisposable Subscribe<TObserver>(this ILifecycleObservable observable, int stage, Func<CancellationToken, Task> onStart) =>
            observable.Subscribe(typeof(TObserver).FullName!, stage, onStart, null);

        private sealed class Observer(Func<CancellationToken, Task> onStart, Func<CancellationToken, Task> onStop) : ILifecycleObserver
        {
            public Task OnStart(CancellationToken cancellationToken = default) => onStart(cancellationToken);

            public Task OnStop(CancellationToken cancellationToken = default) => onStop(cancellationToken);
        }
    }
}

namespace Orleans.Runtime
{
    /// <summary>The start and stop of a silo.</summary>
    public interface ISiloLifecycle : ILifecycleObservable;

    /// <summary>The activation and deactivation of one grain.</summary>
    public interface IGrainLifecycle : ILifecycleObservable;

    public static class GrainLifecycleStage
    {
        public const int First = int.MinValue;
        public const int SetupState = 1000;
        public const int Activate = 2000;
        public const int Last = int.MaxValue;
    }

    /// <summary>Work at the start of a silo.</summary>
    public interface IStartupTask
    {
        Task Execute(CancellationToken cancellationToken);
    }

    /// <summary>Runs observers stage by stage; those of one stage at the same time.</summary>
    internal sealed class Lifecycle : ISiloLifecycle, IGrainLifecycle
    {
        private readonly List<Entry> _entries = [];
        private int _reached = int.MinValue;
        private bool _started;

        public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
        {
            ArgumentNullException.ThrowIfNull(observer);
            var entry = new Entry(stage, observer, _entries);
            lock (_entries)
            {
                _entries.Add(entry);
            }

            return entry;
        }

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            _started = true;
            foreach (var stage in Stages().OrderBy(group => group.Key))
            {
                _reached = stage.Key;
                await Task.WhenAll(stage.Select(entry => entry.Observer.OnStart(cancellationToken)));
            }
        }

        /// <summary>Stops what was started, <paramref name="between"/> its stages above <paramref name="level"/> and the others.</summary>
        public async Task StopAsync(CancellationToken cancellationToken, int level = int.MinValue, Func<Task>? between = null)
        {
            foreach (var stage in Stages().Where(group => _started && group.Key <= _reached).OrderByDescending(group => group.Key))
            {
                if (between is not null && stage.Key < level)
                {
                    await between();
                    between = null;
                }

                foreach (var entry in stage)
                {
                    try
                    {
                        await entry.Observer.OnStop(cancellationToken);
                    }
                    catch (Exception) when (!Environment.HasShutdownStarted)
                    {
                        // One that fails to stop must not keep the others from stopping.
                    }
                }
            }

            if (between is not null)
            {
                await between();
            }
        }

        private IGrouping<int, Entry>[] Stages()
        {
            lock (_entries)
            {
                return [.. _entries.GroupBy(entry => entry.Stage)];
            }
        }

        private sealed class Entry(int stage, ILifecycleObserver observer, List<Entry> entries) : IDisposable
        {
            public int Stage => stage;

            public ILifecycleObserver Observer => observer;

            public void Dispose()
            {
                lock (entries)
                {
                    entries.Remove(this);
                }
            }
        }
    }
}
