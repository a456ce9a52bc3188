using System.Collections.Immutable;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Replaying;
using Decisioning.Engine.Strategies;
using Decisioning.Grains.Strategies;
using Decisioning.Storage;

namespace Decisioning.Grains.History;

/// <summary>Makes the decisions of some customers again and counts what came of it.</summary>
internal sealed class PageReplay(
    ICustomerLog log, IDecisionLog decisions, StrategyCatalog strategies, Strategy inForce, GrainsOptions options, int rowsMax)
{
    private readonly ImmutableArray<ReplayRow>.Builder _rows = ImmutableArray.CreateBuilder<ReplayRow>();
    private readonly Dictionary<(string Placement, string Action), (long Recorded, long Again)> _offers = [];
    private readonly Dictionary<long, Strategy?> _versions = [];
    private long _customers;
    private long _decisions;
    private long _differing;
    private long _untold;
    private long _skipped;

    /// <summary>What to decide by; null for what each decision was made with.</summary>
    public Strategy? Other { get; set; }

    /// <summary>Whether it is work enough for one call.</summary>
    public bool IsFull => _decisions + _untold >= options.HistoryPageDecisions;

    /// <summary>Makes the decisions of one customer again.</summary>
    /// <exception cref="StorageUnavailableException">The store failed.</exception>
    public async Task AddAsync(CustomerKey key, CancellationToken cancellationToken)
    {
        _customers++;
        var records = await ReadAsync(key, cancellationToken);
        if (records.Count == 0)
        {
            return;
        }

        // The log is read after the decisions: it has every event they were made on.
        var history = await log.LoadLogAsync(key, cancellationToken);
        var foldedWith = Other is { } other ? _ => other : await strategies.ForAsync(key.Tenant, history.Tail, inForce, cancellationToken);
        var replay = new DecisionReplay(key, history.Snapshot ?? CustomerState.Empty, history.Tail, foldedWith);
        foreach (var record in records)
        {
            Count(record, Other is { } instead
                ? replay.Otherwise(record.Request, record.Decision, instead)
                : await FindAsync(key.Tenant, record.Decision.StrategyVersion, cancellationToken) is { } strategy
                    ? replay.Again(record.Request, record.Decision, record.Offers, strategy)
                    : ReplayedDecision.Untold($"version {record.Decision.StrategyVersion} of the strategy cannot be had any more"));
        }
    }

    /// <summary>What came of it.</summary>
    /// <param name="after">Where to go on; empty at the end.</param>
    public ReplayPage Page(string after) => new(
        _customers,
        _decisions,
        _differing,
        _untold,
        _skipped,
        _rows.ToImmutable(),
        [.. _offers.Where(offer => offer.Value.Recorded != offer.Value.Again)
            .Select(offer => new OfferTally(offer.Key.Placement, offer.Key.Action, offer.Value.Recorded, offer.Value.Again))],
        after,
        []);

    // Oldest first. Of too many the oldest are left out: what they offered has expired, or the next that says its offers tells.
    private async Task<List<DecisionRecord>> ReadAsync(CustomerKey key, CancellationToken cancellationToken)
    {
        var records = new List<DecisionRecord>();
        await foreach (var record in decisions.ReadAsync(key, cancellationToken))
        {
            if (records.Count < options.ReplayDecisionsMax)
            {
                records.Add(record);
            }
            else
            {
                _skipped++;
            }
        }

        records.Reverse();
        return records;
    }

    private async ValueTask<Strategy?> FindAsync(string tenant, long version, CancellationToken cancellationToken)
    {
        if (!_versions.TryGetValue(version, out var strategy))
        {
            _versions[version] = strategy = await strategies.FindAsync(tenant, version, cancellationToken);
        }

        return strategy;
    }

    private void Count(DecisionRecord record, ReplayedDecision replayed)
    {
        if (replayed.Again is { } again)
        {
            _decisions++;
            foreach (var item in record.Decision.Items)
            {
                Tally(item, 1, 0);
            }

            foreach (var item in again.Items)
            {
                Tally(item, 0, 1);
            }
        }
        else
        {
            _untold++;
        }

        if (!replayed.Differences.IsEmpty)
        {
            _differing++;
        }

        if (_rows.Count < rowsMax && (replayed.Again is null || !replayed.Differences.IsEmpty))
        {
            var decision = record.Decision;
            _rows.Add(new(
                record.Customer, decision.DecisionId, record.Request.RequestId, decision.Sequence, decision.DecidedAt, decision.StrategyVersion,
                replayed.Differences, replayed.Why));
        }
    }

    private void Tally(DecisionItem item, int recorded, int again)
    {
        var (were, are) = _offers.GetValueOrDefault((item.Placement, item.Action));
        _offers[(item.Placement, item.Action)] = (were + recorded, are + again);
    }
}
