using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Streams
{
    /// <summary>Streams in memory: lost with the process, delivered at most once.</summary>
    internal sealed class MemoryStreamProvider(string name, Cluster cluster, IClusterClient client) : IStreamProvider
    {
        public string Name => name;

        public bool IsRewindable => false;

        /// <summary>The subscriber that code outside a grain is.</summary>
        public object Client => client;

        public StreamHub Hub { get; } = cluster.Streams.GetOrAdd(name, static _ => new());

        public IAsyncStream<T> GetStream<T>(StreamId streamId)
        {
            MessageRules.Check(typeof(T), $"event of stream `{streamId}`");
            return new MemoryStream<T>(this, streamId);
        }

        public void CheckSubscriptionStore()
        {
            if (!cluster.Silos.Any(static silo => silo.Services.GetKeyedService<IGrainStorage>(ProviderConstants.DEFAULT_PUBSUB_PROVIDER_NAME) is not null))
            {
                throw new InvalidOperationException(
                    $"streams keep their subscriptions in a grain storage named `{ProviderConstants.DEFAULT_PUBSUB_PROVIDER_NAME}`; add one, for example AddMemoryGrainStorage(\"{ProviderConstants.DEFAULT_PUBSUB_PROVIDER_NAME}\")");
            }
        }
    }

    internal sealed class MemoryStream<T>(MemoryStreamProvider provider, StreamId streamId) : IAsyncStream<T>
    {
        public bool IsRewindable => false;

        public string ProviderName => provider.Name;

        public StreamId StreamId => streamId;

        public MemoryStreamProvider Provider => provider;

        public Task OnNextAsync(T item, StreamSequenceToken? token = null) =>
            provider.Hub.Find(streamId) is { } state ? state.PublishAsync(item) : Task.CompletedTask;

        public Task OnCompletedAsync() => throw new NotSupportedException("a memory stream does not end");

        public Task OnErrorAsync(Exception ex) => throw new NotSupportedException("a memory stream carries no errors");

        public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer)
        {
            ArgumentNullException.ThrowIfNull(observer);
            provider.CheckSubscriptionStore();
            StreamSubscription subscription = RuntimeContext.Current is { } activation
                ? new GrainSubscription<T>(streamId, activation.GrainReference)
                : new ClientSubscription<T>(streamId, provider.Client, observer);
            var handle = new MemorySubscriptionHandle<T>(this, subscription);
            handle.Observe(observer);
            provider.Hub.Add(subscription);
            return Task.FromResult<StreamSubscriptionHandle<T>>(handle);
        }

        public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token, string? filterData = null) =>
            token is null ? SubscribeAsync(observer) : throw new ArgumentException("a memory stream cannot be rewound; subscribe without a token", nameof(token));

        public Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles()
        {
            var consumer = RuntimeContext.Current is { } activation ? activation.GrainId : provider.Client;
            IList<StreamSubscriptionHandle<T>> handles = [.. (provider.Hub.Find(streamId)?.Subscriptions ?? [])
                .Where(each => each.Consumer.Equals(consumer))
                .Select(each => new MemorySubscriptionHandle<T>(this, each))];
            return Task.FromResult(handles);
        }

        public bool Equals(IAsyncStream<T>? other) => other is not null && other.ProviderName == ProviderName && other.StreamId == StreamId;

        public override bool Equals(object? obj) => Equals(obj as IAsyncStream<T>);

        public override int GetHashCode() => HashCode.Combine(ProviderName, StreamId);

        public int CompareTo(IAsyncStream<T>? other) => other is null ? 1 : StreamId.CompareTo(other.StreamId);

        public override string ToString() => $"{ProviderName}/{StreamId}";
    }

    internal sealed class MemorySubscriptionHandle<T>(MemoryStream<T> stream, StreamSubscription subscription) : StreamSubscriptionHandle<T>
    {
        public override StreamId StreamId => stream.StreamId;

        public override string ProviderName => stream.ProviderName;

        public override Guid HandleId => subscription.Id;

        public override Task UnsubscribeAsync()
        {
            stream.Provider.Hub.Remove(subscription);
            return Task.CompletedTask;
        }

        public override Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null)
        {
            ArgumentNullException.ThrowIfNull(observer);
            Observe(observer);
            return Task.FromResult<StreamSubscriptionHandle<T>>(this);
        }

        /// <summary>Makes this the observer of the subscription: in the activation that asks, or in the client.</summary>
        public void Observe(IAsyncObserver<T> observer)
        {
            if (subscription is ClientSubscription<T> client)
            {
                client.Observer = observer;
                return;
            }

            var activation = RuntimeContext.Current;
            RuntimeContext.Check(activation);
            var observers = activation!.GetComponent<StreamObservers>();
            if (observers is null)
            {
                activation.SetComponent(observers = new());
            }

            observers.ById[subscription.Id] = observer;
        }

        public override bool Equals(StreamSubscriptionHandle<T>? other) => other is not null && other.HandleId == HandleId;
    }
}

namespace Orleans
{
    using Orleans.Streams;

    public static class GrainStreamingExtensions
    {
        public static IStreamProvider GetStreamProvider(this IGrainBase grain, string name) => Find(grain.GrainContext.ActivationServices, name);

        public static IStreamProvider GetStreamProvider(this Grain grain, string name) => Find(grain.GrainContext.ActivationServices, name);

        internal static IStreamProvider Find(IServiceProvider services, string name) => services.GetKeyedService<IStreamProvider>(name)
            ?? throw new KeyNotFoundException($"no stream provider named `{name}` is registered; add it with AddMemoryStreams(\"{name}\")");
    }

    public static class ClientStreamingExtensions
    {
        public static IStreamProvider GetStreamProvider(this IClusterClient client, string name) => GrainStreamingExtensions.Find(client.ServiceProvider, name);
    }
}

namespace Orleans.Hosting
{
    using Orleans.Streams;

    public static class SiloBuilderMemoryStreamExtensions
    {
        public static ISiloBuilder AddMemoryStreams(this ISiloBuilder builder, string name)
        {
            MemoryStreamServices.Add(builder.Services, name);
            return builder;
        }
    }

    public static class ClientBuilderStreamingExtensions
    {
        public static IClientBuilder AddMemoryStreams(this IClientBuilder builder, string name)
        {
            MemoryStreamServices.Add(builder.Services, name);
            return builder;
        }
    }

    internal static class MemoryStreamServices
    {
        public static void Add(IServiceCollection services, string name) => services.AddKeyedSingleton<IStreamProvider>(name, (provider, _) =>
            new MemoryStreamProvider(name, provider.GetRequiredService<Cluster>(), provider.GetRequiredService<IClusterClient>()));
    }
}
