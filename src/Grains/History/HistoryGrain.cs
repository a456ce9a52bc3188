using System.Collections.Immutable;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Replaying;
using Decisioning.Engine.Strategies;
using Decisioning.Grains.Strategies;
using Decisioning.Storage;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Concurrency;

namespace Decisioning.Grains.History;

/// <summary>Reads the logs of customers and makes again what they tell of, a page of them for each call.</summary>
[StatelessWorker]
public sealed class HistoryGrain(
    ICustomerLog log,
    IDecisionLog decisions,
    IKeptRows kept,
    StrategyCatalog strategies,
    GrainReferences<ICustomerGrain> customers,
    IOptions<GrainsOptions> options)
    : Grain, IHistoryGrain
{
    private string Tenant => this.GetPrimaryKeyString();

    /// <inheritdoc/>
    public Task<StateAtReply> StateAtAsync(StateAtQuestion request, CancellationToken cancellationToken = default) => Stores.CallAsync(async () =>
    {
        var inForce = await InForceAsync(cancellationToken);
        var history = await log.LoadLogAsync(request.Customer, cancellationToken);
        var start = history.Snapshot ?? CustomerState.Empty;
        if (start.UpdatedAt is { } kept && kept > request.At)
        {
            return new StateAtReply(null, kept);
        }

        var events = TimeTravel.UpTo(history.Tail, request.At);
        var versions = await strategies.ForAsync(Tenant, events, inForce, cancellationToken);
        var state = Folding.Replay(start, events, versions);
        return new StateAtReply(CustomerViews.Of(state, events.IsEmpty ? inForce : versions(events[^1].StrategyVersion), request.At));
    });

    /// <inheritdoc/>
    public Task<ExportPages> FindExportPagesAsync(ExportPagesRequest request, CancellationToken cancellationToken = default) =>
        Stores.CallAsync(() => new CustomerExport(kept, decisions).PagesAsync(request, cancellationToken));

    /// <inheritdoc/>
    public Task<ExportPage> ExportAsync(ExportPageRequest request, CancellationToken cancellationToken = default) =>
        Stores.CallAsync(() => new CustomerExport(kept, decisions).PageAsync(request, cancellationToken));

    /// <inheritdoc/>
    public Task<ReplayPage> ReplayAsync(ReplayPageRequest request, CancellationToken cancellationToken = default) => Stores.CallAsync(async () =>
    {
        var replay = new PageReplay(log, decisions, strategies, await InForceAsync(cancellationToken), options.Value, request.RowsMax);
        if (request.StrategyVersion != 0 || !request.Files.IsEmpty)
        {
            var (other, mistakes) = await OtherAsync(request, cancellationToken);
            if (other is null)
            {
                return ReplayPage.Refused(mistakes);
            }

            replay.Other = other;
        }

        var (keys, next) = await KeysAsync(request.Customer, request.After, cancellationToken);
        foreach (var key in keys)
        {
            await replay.AddAsync(key.Customer, cancellationToken);
            if (replay.IsFull)
            {
                return replay.Page(key == keys[^1] ? next : Places.Write(key.Place));
            }
        }

        return replay.Page(next);
    });

    /// <inheritdoc/>
    public Task<VerifyPage> VerifyAsync(VerifyPageRequest request, CancellationToken cancellationToken = default) => Stores.CallAsync(async () =>
    {
        var (keys, next) = await KeysAsync(request.Customer, request.After, cancellationToken);
        var differing = ImmutableArray.CreateBuilder<CustomerMismatch>();
        var events = 0L;
        foreach (var some in keys.Chunk(options.Value.DirectoryCallsMax))
        {
            var replies = await Task.WhenAll(some.Select(key => customers.Of(key.Customer.Value).VerifyAsync(cancellationToken)));
            events += replies.Sum(reply => reply.Events);
            differing.AddRange(some.Zip(replies)
                .Where(compared => !compared.Second.Differences.IsEmpty)
                .Select(compared => new CustomerMismatch(compared.First.Customer, compared.Second.Sequence, compared.Second.Differences)));
        }

        return new VerifyPage(keys.Count, events, differing.ToImmutable(), next);
    });

    private async Task<Strategy> InForceAsync(CancellationToken cancellationToken)
    {
        await strategies.EnsureAsync(Tenant, cancellationToken);
        return strategies.Of(Tenant).Current ?? throw new NoStrategyException($"no strategy is in force for tenant `{Tenant}`; publish one first");
    }

    private async Task<(Strategy? Other, ImmutableArray<StrategyMistake> Mistakes)> OtherAsync(ReplayPageRequest request, CancellationToken cancellationToken)
    {
        if (request.Files.IsEmpty)
        {
            return (await strategies.FindAsync(Tenant, request.StrategyVersion, cancellationToken), []);
        }

        var (other, errors) = await strategies.TryOutAsync(
            Tenant, [.. request.Files.Select(file => new Storage.StrategyFile(file.Path, file.Text))], cancellationToken);
        return (other, StrategyGrain.Mistakes(errors, Severity.Error));
    }

    private async Task<(List<ListedCustomer> Keys, string Next)> KeysAsync(string one, string after, CancellationToken cancellationToken)
    {
        if (CustomerKey.TryParse(one, out var only))
        {
            return ([new(only, 0)], "");
        }

        // One more than the page holds tells whether there is another.
        var most = options.Value.HistoryPageCustomers;
        var keys = new List<ListedCustomer>(most + 1);
        await foreach (var key in log.CustomersAsync(Tenant, Places.Read(after), cancellationToken))
        {
            keys.Add(key);
            if (keys.Count > most)
            {
                return (keys[..most], Places.Write(keys[most - 1].Place));
            }
        }

        return (keys, "");
    }
}
