using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Providers;
using Orleans.Runtime;

namespace Orleans.Storage
{
    /// <summary>Keeps states in memory, as JSON: what is read is never the object that was written.</summary>
    internal sealed class MemoryGrainStorage(MemoryStates states) : IGrainStorage
    {
        private static readonly JsonSerializerOptions Json = new() { IncludeFields = true };

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            var found = states.Records.TryGetValue((stateName, grainId), out var record) && record.Json is not null;
            grainState.State = found ? JsonSerializer.Deserialize<T>(record.Json!, Json) : PersistentStates.New<T>();
            grainState.ETag = found ? record.ETag : null;
            grainState.RecordExists = found;
            return Task.CompletedTask;
        }

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(grainState.State, Json);
            Store(stateName, grainId, grainState, json);
            grainState.RecordExists = true;
            return Task.CompletedTask;
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            Store(stateName, grainId, grainState, null);
            grainState.State = PersistentStates.New<T>();
            grainState.ETag = null;
            grainState.RecordExists = false;
            return Task.CompletedTask;
        }

        private void Store<T>(string stateName, GrainId grainId, IGrainState<T> grainState, byte[]? json)
        {
            lock (states)
            {
                if (states.Records.TryGetValue((stateName, grainId), out var stored) && stored.ETag != grainState.ETag && grainState.ETag != "*")
                {
                    throw new InconsistentStateException(
                        $"e-Tag mismatch in Memory Storage: `{stateName}` of `{grainId}` was written by another", stored.ETag, grainState.ETag);
                }

                var etag = json is null ? null : Guid.NewGuid().ToString("N");
                states.Records[(stateName, grainId)] = (etag, json);
                grainState.ETag = etag;
            }
        }
    }

    /// <summary>The records of one memory storage, shared by the silos of a cluster.</summary>
    internal sealed class MemoryStates
    {
        public ConcurrentDictionary<(string State, GrainId Grain), (string? ETag, byte[]? Json)> Records { get; } = new();
    }
}

namespace Orleans.Hosting
{
    using Orleans.Storage;

    public static class MemoryGrainStorageSiloBuilderExtensions
    {
        /// <summary>Adds a storage that is empty at every start.</summary>
        public static ISiloBuilder AddMemoryGrainStorage(this ISiloBuilder builder, string name)
        {
            builder.Services.AddKeyedSingleton<IGrainStorage>(name, (services, _) =>
                new MemoryGrainStorage(services.GetRequiredService<Cluster>().Storage(name)));
            return builder;
        }

        public static ISiloBuilder AddMemoryGrainStorageAsDefault(this ISiloBuilder builder) =>
            builder.AddMemoryGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME);
    }
}
