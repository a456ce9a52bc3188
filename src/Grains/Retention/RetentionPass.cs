using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Grains.Strategies;
using Decisioning.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Decisioning.Grains.Retention;

/// <summary>Looks once through the log, in small steps, and makes it smaller by what is past its age.</summary>
public sealed partial class RetentionPass(
    IRetention retention,
    CustomerReduction reduction,
    StrategyCatalog strategies,
    TimeProvider clock,
    IOptions<StorageOptions> options,
    GrainMeter meter,
    ILogger<RetentionPass> logger)
{
    /// <summary>
    /// An event is looked for a twentieth of its age later than it may go, and then all that may go do: a customer who comes
    /// every day is folded twenty times in that age, not every day.
    /// </summary>
    private const int Slack = 20;

    private RetentionOptions Options => options.Value.Retention;

    /// <summary>Looks through everything; a customer whose log fails is passed over and said.</summary>
    /// <returns>What was done; null when another silo is at it.</returns>
    /// <exception cref="StorageUnavailableException">The store failed; the next pass goes on.</exception>
    public async Task<RetentionResult?> RunAsync(CancellationToken cancellationToken)
    {
        await using var turn = await retention.TryTakeTurnAsync(cancellationToken);
        if (turn is null)
        {
            return null;
        }

        var (customers, events, failed) = await ReduceEventsAsync(cancellationToken);
        return new(customers, events, await DeleteDecisionsAsync(cancellationToken), failed);
    }

    private async Task<(int Customers, long Events, int Failed)> ReduceEventsAsync(CancellationToken cancellationToken)
    {
        var (customers, events, failed, cursor) = (0, 0L, 0, (string?)null);
        do
        {
            var page = await retention.FindDueAsync(Cutoffs(), cursor, Options.StepRows, cancellationToken);
            foreach (var customer in page.Customers)
            {
                try
                {
                    var reduced = await reduction.ReduceAsync(customer, cancellationToken);
                    meter.EventsReduced(reduced);
                    events += reduced;
                    customers += reduced > 0 ? 1 : 0;
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // Whatever is wrong with one customer's log, the others' go on getting smaller.
                    failed++;
                    LogPassedOver(customer.Mark, e.Message);
                }

                await RestAsync(cancellationToken);
            }

            cursor = page.Cursor;
            await RestAsync(cancellationToken);
        }
        while (cursor is not null);

        return (customers, events, failed);
    }

    private async Task<long> DeleteDecisionsAsync(CancellationToken cancellationToken)
    {
        if (Options.Decisions is not { } age)
        {
            return 0;
        }

        var (deleted, cursor) = (0L, (string?)null);
        do
        {
            var now = clock.GetUtcNow();
            var step = await retention.DeleteDecisionsAsync(now - age, now, cursor, Options.StepRows, cancellationToken);
            meter.DecisionsDeleted(step.Removed);
            deleted += step.Removed;
            cursor = step.Cursor;
            await RestAsync(cancellationToken);
        }
        while (cursor is not null);

        return deleted;
    }

    private RetentionCutoffs Cutoffs()
    {
        var now = clock.GetUtcNow();
        return new(Cutoff(Options.Events), strategies.Tenants.ToImmutableDictionary(tenant => tenant, tenant => Cutoff(reduction.AgeOf(tenant))));

        DateTimeOffset? Cutoff(TimeSpan? age) => now - age - (age / Slack);
    }

    private Task RestAsync(CancellationToken cancellationToken) =>
        Options.StepPause > TimeSpan.Zero ? Task.Delay(Options.StepPause, clock, cancellationToken) : Task.CompletedTask;

    [LoggerMessage(EventId = 151, Level = LogLevel.Warning, Message = "retention passed over customer {Customer}: {Reason}")]
    private partial void LogPassedOver(string customer, string reason);
}

/// <summary>What a pass did.</summary>
/// <param name="Customers">Customers with events reduced.</param>
/// <param name="Events">Events reduced.</param>
/// <param name="Decisions">Decisions deleted.</param>
/// <param name="Failed">Customers passed over.</param>
public sealed record RetentionResult(int Customers, long Events, long Decisions, int Failed);
