using System.Collections.Concurrent;
using System.Collections.Immutable;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Values;
using Decisioning.Gateway.Tests.Support;
using Decisioning.Storage;
using Decisioning.Tests.Shared;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Privacy;

/// <summary>Erasures of people with several identities: while one of them moves, where processes die, where logs are damaged.</summary>
public sealed class ErasureTests : IAsyncLifetime
{
    // More than go in one call, so that a carry-over has a write for each of two parts.
    private const int Events = 120;

    private readonly GatewayServer _server;
    private readonly DyingStore _store;
    private readonly ConcurrentBag<Task> _wakes = [];

    public ErasureTests()
    {
        DyingStore? store = null;
        _server = new(null, services =>
        {
            services.AddSingleton<ICustomerLog>(_ => store!);
            services.AddSingleton<IErasure>(_ => store!);
        });
        _store = store = new(_server.Store);
    }

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory, InlineData(true), InlineData(false)]
    public async Task Wherever_a_link_and_then_its_erasure_die_nobody_is_left_once_the_erasure_is_repeated(bool isByVisitor)
    {
        var (linksCutOff, erasuresCutOff) = (0, 0);

        // From the second write on the visitor has moved.
        for (var linkDies = 1; linkDies < 6; linkDies++)
        {
            for (var erasureDies = 0; erasureDies < 4; erasureDies++)
            {
                foreach (var isWritten in linkDies == 1 ? [true] : new[] { false, true })
                {
                    var (user, visitor) = await TwoAsync();
                    _store.DieAfter(linkDies, isWritten);
                    await Assert.ThrowsAsync<StoreUnavailableException>(() => Grain(visitor).LinkAsync(new(user, IsVerified: true)));
                    linksCutOff += _store.Revive() ? 1 : 0;

                    // The sweep may come by at any time.
                    _store.Erased = _ => _wakes.Add(WakeAsync(visitor));
                    _store.DieAfter(erasureDies, isWritten);
                    var asked = isByVisitor ? visitor : user;
                    var isDone = await TryEraseAsync(asked);
                    erasuresCutOff += _store.Revive() ? 1 : 0;
                    await Task.WhenAll(_wakes);
                    if (!isDone)
                    {
                        await EraseAsync(asked);
                    }

                    await Task.WhenAll(_wakes);
                    await WakeAsync(visitor);
                    await AssertGoneAsync(user, visitor, $"the link died after {linkDies} writes, the erasure after {erasureDies}, written: {isWritten}");
                }
            }
        }

        Assert.Equal(36, linksCutOff);
        Assert.InRange(erasuresCutOff, 16, 36);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task An_erasure_in_the_middle_of_a_carry_over_leaves_nobody(bool isByVisitor)
    {
        var (user, visitor) = await TwoAsync(events: 1000);
        var (arrived, release) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var appends = 0;
        _store.BeforeAppend = async customer =>
        {
            // Announced is the first, then the parts.
            if (customer == user && Interlocked.Increment(ref appends) == 2)
            {
                arrived.SetResult();
                await release.Task;
            }
        };
        var linking = Grain(visitor).LinkAsync(new(user, IsVerified: true));
        await arrived.Task.WaitAsync(TimeSpan.FromMinutes(1));

        var erasing = EraseAsync(isByVisitor ? visitor : user);
        await Eventually.HoldsAsync(async () => (await _server.Store.ReadAuditAsync("default", 0, 1000, CancellationToken.None)).Any(entry => entry.Record.Action == "customer.erase"));
        release.SetResult();
        await linking;
        await erasing;

        await AssertGoneAsync(user, visitor, "in the middle of a carry-over");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task An_erasure_between_an_announcement_and_its_move_leaves_nobody(bool isByVisitor)
    {
        var (user, visitor) = await TwoAsync();
        var (arrived, release) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _store.BeforeAppend = async customer =>
        {
            // That it moves is the first that it writes of a link.
            if (customer == visitor && arrived.TrySetResult())
            {
                await release.Task;
            }
        };
        var linking = Grain(visitor).LinkAsync(new(user, IsVerified: true));
        await arrived.Task.WaitAsync(TimeSpan.FromMinutes(1));

        var erasing = EraseAsync(isByVisitor ? visitor : user);
        await Eventually.HoldsAsync(async () => (await _server.Store.ReadAuditAsync("default", 0, 1000, CancellationToken.None)).Any(entry => entry.Record.Action == "customer.erase"));
        for (var i = 0; i < 1000 && !erasing.IsCompleted; i++)
        {
            // An erasure that does not wait for the link is done long before.
            await Grain(user).LinksAsync();
        }

        release.SetResult();
        await linking;
        await erasing;

        await AssertGoneAsync(user, visitor, "between the announcement and the move");
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(3, 0, 1)]
    [InlineData(0, 2, 1)]
    [InlineData(1, 2, 2)]
    public async Task A_person_with_damaged_logs_is_erased_under_all_identities_and_the_receipt_says_what_could_not_be_read(int damagedOfUser, int damagedOfVisitor, int unreadable)
    {
        var name = GatewayServer.NewCustomer();
        var (user, visitor) = (CustomerKey.User("default", name), CustomerKey.Anonymous("default", name));
        var now = _server.Clock.GetUtcNow();
        await WriteAsync(user, Linking.Announced(visitor, 1, now), Linking.Linked(visitor, 1, now));
        await WriteAsync(visitor, Linking.Moved(user, isVerified: true, now), Linking.CarriedOver(user, now));
        foreach (var (customer, sequence) in new[] { (user, damagedOfUser), (visitor, damagedOfVisitor) }.Where(damaged => damaged.Item2 > 0))
        {
            _server.Store.Damage(customer, sequence);
        }

        var receipt = await EraseAsync(user);

        Assert.Equal((2L, 6L, (long)unreadable), (receipt.Identities, receipt.Events, receipt.Unreadable));
        await AssertGoneAsync(user, visitor, "damaged");
    }

    private static ICustomerGrain Grain(GatewayServer server, CustomerKey key) => server.Services.GetRequiredService<IGrainFactory>().GetGrain<ICustomerGrain>(key.Value);

    private ICustomerGrain Grain(CustomerKey key) => Grain(_server, key);

    private async Task<(CustomerKey User, CustomerKey Visitor)> TwoAsync(int events = Events)
    {
        var name = GatewayServer.NewCustomer();
        var (user, visitor) = (CustomerKey.User("default", name), CustomerKey.Anonymous("default", name));
        await Grain(user).RecordAsync(new([Viewed("u", "u")]));
        await Grain(visitor).RecordAsync(new([.. Enumerable.Range(0, events).Select(i => Viewed($"a{i}", "a"))]));
        return (user, visitor);
    }

    private CustomerEvent Viewed(string id, string name) =>
        new(id, EventType.Track, name, _server.Clock.GetUtcNow(), _server.Clock.GetUtcNow(), PropertyMap.Empty, PropertyMap.Empty);

    private async Task WriteAsync(CustomerKey customer, params CustomerEvent[] links)
    {
        ImmutableArray<RecordedEvent> events = [.. links.Prepend(Viewed("first", "Product Viewed")).Select((e, i) => new RecordedEvent(i + 1, Recorder.ContentHash(e), e, 1))];
        Assert.Equal(AppendResult.Done, await _server.Store.AppendAsync(customer, 0, events, null, CancellationToken.None));
    }

    private async Task WakeAsync(CustomerKey customer)
    {
        try
        {
            await Grain(customer).WakeAsync(_server.Clock.GetUtcNow());
        }
        catch (StoreUnavailableException)
        {
            // The next sweep tries again.
        }
    }

    private async Task<bool> TryEraseAsync(CustomerKey customer)
    {
        try
        {
            await EraseAsync(customer);
            return true;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }

    private async Task<Api.EraseResponse> EraseAsync(CustomerKey customer) => await _server.Customers.EraseAsync(new()
    {
        Customer = customer.IsUser ? GatewayServer.User(customer.Id) : new() { AnonymousId = customer.Id },
        ErasureRequestId = "t",
    });

    private async Task AssertGoneAsync(CustomerKey user, CustomerKey visitor, string when)
    {
        foreach (var customer in new[] { user, visitor })
        {
            Assert.True((await _server.Store.LoadLogAsync(customer, CancellationToken.None)).Sequence == 0, $"something is left of {customer}: {when}");
        }
    }
}
