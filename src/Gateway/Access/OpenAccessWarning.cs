using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Decisioning.Gateway.Access;

/// <summary>Says at the start, once everything listens, that access is open, or that nobody is let in.</summary>
internal sealed class OpenAccessWarning(OpenAccess open, CallerKeys keys, ILogger<OpenAccess> logger) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (await open.IsOpenAsync())
        {
            Log.AccessIsOpen(logger);
        }
        else if (await keys.NoneAsync())
        {
            Log.NobodyIsLetIn(logger);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
