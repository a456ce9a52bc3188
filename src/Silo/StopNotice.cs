using Microsoft.Extensions.Options;

namespace Decisioning.Silo;

/// <summary>Goes on answering for a while after a stop was asked for, while <c>/readyz</c> says no: whoever spreads the calls learns of it first.</summary>
internal sealed class StopNotice(TimeProvider clock, IOptions<SiloOptions> options) : IHostedLifecycleService
{
    public Task StoppingAsync(CancellationToken cancellationToken) =>
        options.Value.StopNotice == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(options.Value.StopNotice, clock, cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
