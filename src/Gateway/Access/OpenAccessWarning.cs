using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Decisioning.Gateway.Access;

/// <summary>Says at the start that access is open, once everything listens.</summary>
internal sealed class OpenAccessWarning(OpenAccess open, ILogger<OpenAccess> logger) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (await open.IsOpenAsync())
        {
            Log.AccessIsOpen(logger);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
