using System.Collections.Immutable;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Strategies.Linting;
using Decisioning.Storage;
using Orleans;
using StrategyFile = Decisioning.Contracts.Messages.StrategyFile;

namespace Decisioning.Grains.Strategies;

/// <summary>Publishes the strategies of one tenant, one after another, so that <see cref="PublishStrategy.ReplacesHash"/> means something.</summary>
public sealed class StrategyGrain(StrategyCatalog strategies, IStrategyStore store, TimeProvider clock) : Grain, IStrategyGrain
{
    /// <inheritdoc/>
    public Task<PublishedStrategy?> GetAsync(long version, CancellationToken cancellationToken = default) => Stores.CallAsync(async () =>
    {
        var tenant = this.GetPrimaryKeyString();
        return Published(version == 0
            ? await store.FindLatestAsync(tenant, newerThan: 0, cancellationToken)
            : await store.FindVersionAsync(tenant, version, cancellationToken));
    });

    /// <inheritdoc/>
    public Task<PublishReply> ValidateAsync(PublishStrategy request, CancellationToken cancellationToken = default)
    {
        var (_, findings) = Check(request);
        return Task.FromResult(new PublishReply(null, Mistakes(findings, Severity.Error)) { Warnings = Mistakes(findings, Severity.Warning) });
    }

    /// <inheritdoc/>
    public Task<PublishReply> PublishAsync(PublishStrategy request, CancellationToken cancellationToken = default) => Stores.CallAsync(async () =>
    {
        var tenant = this.GetPrimaryKeyString();
        var latest = await store.FindLatestAsync(tenant, newerThan: 0, cancellationToken);
        if (request.ReplacesHash.Length > 0 && request.ReplacesHash != latest?.Hash)
        {
            return new PublishReply(Published(latest), [], Replaced: true);
        }

        var (strategy, findings) = Check(request);
        var reply = new PublishReply(Published(latest), Mistakes(findings, Severity.Error)) { Warnings = Mistakes(findings, Severity.Warning) };
        if (strategy is null || !reply.Mistakes.IsEmpty)
        {
            return reply;
        }

        var files = request.Files.Select(file => new Storage.StrategyFile(file.Path, file.Text)).ToImmutableArray();
        return reply with { InForce = Published(await strategies.PublishAsync(tenant, strategy, files, cancellationToken)) };
    });

    /// <inheritdoc/>
    public Task<StrategyPlacements> PlacementsAsync(CancellationToken cancellationToken = default) => Stores.CallAsync(async () =>
    {
        var tenant = this.GetPrimaryKeyString();
        await strategies.EnsureAsync(tenant, cancellationToken);
        var actions = strategies.Of(tenant).Current?.Actions ?? [];
        return new StrategyPlacements([.. actions.SelectMany(action => action.Treatments).Select(treatment => treatment.Placement).Distinct(StringComparer.Ordinal)]);
    });

    private (Strategy? Strategy, ImmutableArray<Finding> Findings) Check(PublishStrategy request)
    {
        if (Repeated(request) is { IsEmpty: false } repeated)
        {
            return (null, repeated);
        }

        var report = StrategyLinter.Lint(new(request.Files.ToImmutableSortedDictionary(file => file.Path, file => file.Text, StringComparer.Ordinal)), clock.GetUtcNow());
        return (report.Strategy, report.Findings);
    }

    private static ImmutableArray<Finding> Repeated(PublishStrategy request) =>
    [
        .. request.Files.GroupBy(file => file.Path, StringComparer.Ordinal).Where(files => files.Count() > 1)
            .Select(files => new Finding(Severity.Error, "duplicate-id", files.Key, 1, 1, files.Key, $"the file `{files.Key}` is given more than once; give each file once")),
    ];

    internal static ImmutableArray<StrategyMistake> Mistakes(ImmutableArray<Finding> findings, Severity severity) =>
        [.. findings.Where(finding => finding.Severity == severity).Select(error => new StrategyMistake(error.File, error.Line, error.Column, error.Path, error.Message, error.Rule))];

    private static PublishedStrategy? Published(StoredStrategy? stored) => stored is null
        ? null
        : new(stored.Name, stored.Version, stored.Hash, stored.PublishedAt, [.. stored.Files.Select(file => new StrategyFile(file.Path, file.Text))]);
}
