using System.Collections.Immutable;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Strategies;
using Decisioning.Storage;
using Orleans;
using StrategyFile = Decisioning.Contracts.Messages.StrategyFile;

namespace Decisioning.Grains.Strategies;

/// <summary>Publishes the strategies of one tenant, one after another, so that <see cref="PublishStrategy.ReplacesHash"/> means something.</summary>
public sealed class StrategyGrain(StrategyCatalog strategies, IStrategyStore store) : Grain, IStrategyGrain
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
        var errors = Repeated(request) is { IsEmpty: false } repeated
            ? repeated
            : StrategyCompiler.Compile(new(request.Files.ToImmutableSortedDictionary(file => file.Path, file => file.Text)), version: 0).Errors;
        return Task.FromResult(new PublishReply(null, Mistakes(errors)));
    }

    /// <inheritdoc/>
    public Task<PublishReply> PublishAsync(PublishStrategy request, CancellationToken cancellationToken = default) => Stores.CallAsync(async () =>
    {
        var tenant = this.GetPrimaryKeyString();
        var latest = await store.FindLatestAsync(tenant, newerThan: 0, cancellationToken);
        if (Repeated(request) is { IsEmpty: false } repeated)
        {
            return new PublishReply(Published(latest), Mistakes(repeated));
        }

        if (request.ReplacesHash.Length > 0 && request.ReplacesHash != latest?.Hash)
        {
            return new PublishReply(Published(latest), [], Replaced: true);
        }

        var files = request.Files.Select(file => new Storage.StrategyFile(file.Path, file.Text)).ToImmutableArray();
        var (stored, errors) = await strategies.PublishAsync(tenant, files, cancellationToken);
        return new PublishReply(Published(stored ?? latest), Mistakes(errors));
    });

    private static ImmutableArray<Finding> Repeated(PublishStrategy request) =>
    [
        .. request.Files.GroupBy(file => file.Path, StringComparer.Ordinal).Where(files => files.Count() > 1)
            .Select(files => new Finding(Severity.Error, "duplicate-id", files.Key, 1, 1, files.Key, $"the file `{files.Key}` is given more than once; give each file once")),
    ];

    private static ImmutableArray<StrategyMistake> Mistakes(ImmutableArray<Finding> errors) =>
        [.. errors.Select(error => new StrategyMistake(error.File, error.Line, error.Column, error.Path, error.Message, error.Rule))];

    private static PublishedStrategy? Published(StoredStrategy? stored) => stored is null
        ? null
        : new(stored.Name, stored.Version, stored.Hash, stored.PublishedAt, [.. stored.Files.Select(file => new StrategyFile(file.Path, file.Text))]);
}
