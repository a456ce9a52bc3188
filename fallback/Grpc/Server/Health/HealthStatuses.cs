using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Grpc.AspNetCore.HealthChecks.Internal;

/// <summary>The last published status of every service, and those who wait for a change. Health checks publish into it.</summary>
internal sealed class HealthStatuses(IOptions<GrpcHealthChecksOptions> options) : IHealthCheckPublisher
{
    /// <summary>Changes a slow watcher may be behind; older ones are dropped, the newest always arrives.</summary>
    private const int Backlog = 5;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ServingStatus> _statuses = new(StringComparer.Ordinal);
    private readonly List<(string Service, ChannelWriter<ServingStatus> Changes)> _watchers = [];

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        foreach (var mapping in options.Value.Services)
        {
            Set(mapping.Name, StatusOf(report, mapping));
        }

        return Task.CompletedTask;
    }

    internal static ServingStatus StatusOf(HealthReport report, ServiceMapping mapping)
    {
        var status = ServingStatus.Unknown;
        foreach (var (name, entry) in report.Entries)
        {
            if (mapping.HealthCheckPredicate?.Invoke(new HealthCheckMapContext(name, entry.Tags)) is false)
            {
                continue;
            }

            if (entry.Status == HealthStatus.Unhealthy)
            {
                return ServingStatus.NotServing;
            }

            status = ServingStatus.Serving;
        }

        return status;
    }

    internal ServingStatus Get(string service)
    {
        lock (_lock)
        {
            return _statuses.GetValueOrDefault(service, ServingStatus.ServiceUnknown);
        }
    }

    internal ChannelReader<ServingStatus> Watch(string service, CancellationToken until)
    {
        var changes = Channel.CreateBounded<ServingStatus>(
            new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        lock (_lock)
        {
            _watchers.Add((service, changes.Writer));
        }

        until.Register(() =>
        {
            lock (_lock)
            {
                _watchers.Remove((service, changes.Writer));
            }

            changes.Writer.TryComplete();
        });
        return changes.Reader;
    }

    private void Set(string service, ServingStatus status)
    {
        lock (_lock)
        {
            if (_statuses.TryGetValue(service, out var before) && before == status)
            {
                return;
            }

            _statuses[service] = status;
            foreach (var watcher in _watchers)
            {
                if (watcher.Service == service)
                {
                    watcher.Changes.TryWrite(status);
                }
            }
        }
    }
}
