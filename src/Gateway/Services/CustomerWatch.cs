using System.Collections.Immutable;
using System.Threading.Channels;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Replies;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Orleans.Streams;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Services;

/// <summary>Follows one customer: the current decision first, then every change with the decision after it.</summary>
internal sealed class CustomerWatch(
    CustomerGrains customers,
    [FromKeyedServices(Streams.Provider)] IStreamProvider streams,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    IOptions<GatewayOptions> options)
{
    public async Task RunAsync(
        CustomerKey key, DecisionRequest question, Caller caller, IServerStreamWriter<Api.WatchResponse> responses, CancellationToken cancellationToken)
    {
        // A watch has no end of its own: it must not hold up the engine's.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            CustomerKey followed;
            do
            {
                followed = await WhoAsync(key, caller, stop.Token);
            }
            while (await FollowAsync(key, followed, question, caller, responses, stop.Token));
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw Pipeline.Stopping();
        }
    }

    // Whom an identity is linked with, as far as the caller may know.
    private async Task<CustomerKey> WhoAsync(CustomerKey key, Caller caller, CancellationToken cancellationToken)
    {
        var resolved = await customers.Of(key).ResolveAsync(cancellationToken);
        return caller.IsPublic && !resolved.IsVerified ? key : resolved.Customer;
    }

    /// <returns>Whether the identity asked for has turned out to be another customer; false at the end of the watch.</returns>
    private async Task<bool> FollowAsync(
        CustomerKey asked, CustomerKey key, DecisionRequest question, Caller caller, IServerStreamWriter<Api.WatchResponse> responses, CancellationToken cancellationToken)
    {
        var refresh = options.Value.WatchRefresh;
        var news = Channel.CreateBounded<CustomerChanges>(new BoundedChannelOptions(options.Value.WatchBacklogMax) { SingleReader = true });
        var stream = streams.GetStream<CustomerChanges>(StreamId.Create(Streams.Customer, key.Value));

        // A watcher that cannot keep up, or whose news are no longer kept, is told so rather than shown a gap.
        void FellBehind() => news.Writer.TryComplete(new RpcException(new Status(StatusCode.ResourceExhausted, "the watch fell behind; start it again")));

        var subscription = await stream.SubscribeAsync(
            (changes, _) =>
            {
                if (!news.Writer.TryWrite(changes))
                {
                    FellBehind();
                }

                return Task.CompletedTask;
            },
            _ =>
            {
                FellBehind();
                return Task.CompletedTask;
            });
        try
        {
            using var timer = new PeriodicTimer(refresh, clock);
            var tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
            var grain = customers.Of(key);
            await grain.KeepWatchedAsync(refresh * 3);
            var shown = await ShowAsync(grain, question, caller, [], shown: null, responses, cancellationToken);
            Task<bool>? arrived = null;
            while (true)
            {
                arrived ??= news.Reader.WaitToReadAsync(cancellationToken).AsTask();
                if (await Task.WhenAny(arrived, tick) == tick)
                {
                    await tick;
                    tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
                    await grain.KeepWatchedAsync(refresh * 3);
                    if (await HasMovedAsync(asked, key, caller, responses, cancellationToken))
                    {
                        return true;
                    }
                }

                if (arrived.IsCompleted)
                {
                    if (!await arrived)
                    {
                        return false;
                    }

                    arrived = null;
                }

                var changes = ImmutableArray.CreateBuilder<CustomerChange>();
                while (news.Reader.TryRead(out var more))
                {
                    changes.AddRange(more.Changes);
                }

                if (changes.FirstOrDefault(change => change.Kind == ChangeKind.Erased) is { } erased)
                {
                    throw await ErasedAsync(erased, responses, cancellationToken);
                }

                shown = await ShowAsync(grain, question, caller, changes.ToImmutable(), shown, responses, cancellationToken);
                if (changes.Any(change => change.Kind == ChangeKind.IdentityMoved) && await HasMovedAsync(asked, key, caller, responses, cancellationToken))
                {
                    return true;
                }
            }
        }
        finally
        {
            await subscription.UnsubscribeAsync();
        }
    }

    /// <summary>Whether the identity asked for has moved on from the customer that is followed.</summary>
    /// <exception cref="RpcException">It is that customer's no more: an erasure is under way, which has reached the identity before the customer.</exception>
    private async Task<bool> HasMovedAsync(
        CustomerKey asked, CustomerKey followed, Caller caller, IServerStreamWriter<Api.WatchResponse> responses, CancellationToken cancellationToken)
    {
        var who = await WhoAsync(asked, caller, cancellationToken);
        return who == followed ? false
            : Linking.MayMove(followed, who) ? true
            : throw await ErasedAsync(new(ChangeKind.Erased, 0, "", clock.GetUtcNow()), responses, cancellationToken);
    }

    // A preview for nobody would be shown as theirs. Whoever comes under this id next is watched anew.
    private static async Task<RpcException> ErasedAsync(CustomerChange erased, IServerStreamWriter<Api.WatchResponse> responses, CancellationToken cancellationToken)
    {
        await responses.WriteAsync(new() { Changes = { CustomerWriter.Write(erased) } }, cancellationToken);
        return new(new Status(StatusCode.NotFound, "the customer was erased; take away what is shown, and start a watch for whoever comes under this id next"));
    }

    /// <summary>Sends changes, and the decision if it differs from the one shown last.</summary>
    private static async Task<Decision?> ShowAsync(
        ICustomerGrain grain,
        DecisionRequest question,
        Caller caller,
        ImmutableArray<CustomerChange> changes,
        Decision? shown,
        IServerStreamWriter<Api.WatchResponse> responses,
        CancellationToken cancellationToken)
    {
        var decision = (await grain.DecideAsync(new DecideRequest(question, IsVerifiedOnly: caller.IsPublic), cancellationToken)).Decision;
        var isNew = decision is not null && (shown is null || !SameActions(decision, shown));
        if (caller.IsPublic)
        {
            // What changed is profile.
            changes = [];
        }

        if (changes.IsEmpty && !isNew)
        {
            return shown;
        }

        var response = new Api.WatchResponse { Decision = isNew ? DecisionWriter.Write(decision!, TimeSpan.Zero) : null };
        response.Changes.AddRange(changes.Select(CustomerWriter.Write));
        await responses.WriteAsync(response, cancellationToken);
        return decision;
    }

    private static bool SameActions(Decision left, Decision right) =>
        left.Items.Select(Shown).SequenceEqual(right.Items.Select(Shown))
        && left.Stages.SequenceEqual(right.Stages)
        && left.Tags.SequenceEqual(right.Tags)
        && left.Segments.SequenceEqual(right.Segments);

    private static (string, string, string, Engine.Values.PropertyMap) Shown(DecisionItem item) => (item.Action, item.Treatment, item.Placement, item.Content);
}
