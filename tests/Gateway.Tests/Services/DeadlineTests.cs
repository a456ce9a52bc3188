using Decisioning.Engine.Customers;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Services;
using Decisioning.Gateway.Tests.Support;
using Decisioning.Storage;
using Decisioning.Storage.Memory;
using Decisioning.Tests.Shared;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Services;

/// <summary>Deadlines that come before what a decision waits for. A server of its own, whose log is held back for ever or until a test lets go.</summary>
public sealed class DeadlineTests : IAsyncLifetime
{
    // What is waited for as asked never comes, so the shortest wait tells as much as a long one; what is held comes at once.
    private static readonly Patience Short = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5));
    private static readonly Patience Shortest = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));

    private readonly GatewayServer _server;
    private readonly HeldLog _log;

    public DeadlineTests()
    {
        HeldLog? held = null;
        _server = new(null, services => services.AddSingleton<ICustomerLog>(provider => held!));
        held = _log = new(_server.Store);
    }

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("nothing to wait for", 0, false, false, "Items 1, sequence 1")]
    [InlineData("a sequence of a commit that does not end", 2, false, true, "Items 1, sequence 1, degraded")]
    [InlineData("events whose commit does not end", 0, true, true, "Items 1, sequence 1, degraded")]
    [InlineData("events and a sequence", 2, true, true, "Items 1, sequence 1, degraded")]
    public async Task A_decision_whose_deadline_comes_first_is_made_on_the_state_held(string wait, long minSequence, bool events, bool isHeld, string expected)
    {
        await _server.TrackAsync(Events.Good("m1", "ann"));
        var release = isHeld ? _log.HoldAppends() : null;
        var other = isHeld && !events ? _server.TrackAsync(Events.Good("m2", "ann")) : null;
        await UntilWaitingAsync(other);
        var question = Question("ann", minSequence);
        if (events)
        {
            question.Events.Add(Events.Good("m2", "ann"));
        }

        var answer = await AskAsync(question, isHeld ? Short : new Patience(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5)));

        Assert.Equal((wait, expected), (wait, Text(answer)));
        Assert.Empty(answer.Acks);
        release?.SetResult();
        await (other ?? Task.CompletedTask);
    }

    [Fact]
    public async Task Events_of_a_degraded_decision_are_recorded_once_when_they_are_sent_again_and_the_late_decision_offers_nothing()
    {
        await _server.TrackAsync(Events.Good("m1", "bob"));
        var release = _log.HoldAppends();
        var question = Question("bob", 0);
        question.DryRun = false;
        question.Events.Add(Events.Good("m2", "bob"));

        // On a machine under load a short wait may end before the events have got as far as the log.
        for (var patience = Short; _log.AppendsWaiting == 0; patience = patience with { AsAsked = patience.AsAsked * 4 })
        {
            Assert.True((await AskAsync(question, patience)).Decision.Degraded);
        }

        // What the gateway no longer waits for it has called off, and the grain has heard of it.
        await _log.CalledOff;
        release.SetResult();

        Assert.Equal(["Duplicate 2"], await _server.TrackAsync(Events.Good("m2", "bob")));
        var recorded = await _server.Store.ReadAsync(CustomerKey.User("default", "bob"), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal([1L], recorded.Select(record => record.Decision.Sequence).Distinct());

        // The offer of the degraded one counts: it was answered.
        Assert.Equal("Items 0, sequence 2", Text(await _server.Decisions.NextBestActionAsync(Question("bob", 2))));
    }

    [Fact]
    public async Task A_customer_that_is_not_in_memory_in_time_is_not_answered_and_the_outcome_called_unknown()
    {
        var release = _log.HoldLoads();

        await Assert.ThrowsAsync<TimeoutException>(() => AskAsync(Question("cem", 0), Shortest));

        release.SetResult();
        Assert.Equal("Items 0, sequence 0", Text(await AskAsync(Question("cem", 0), new Patience(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5)))));
    }

    [Fact]
    public async Task A_grpc_deadline_is_met_with_a_degraded_decision()
    {
        await _server.TrackAsync(Events.Good("m1", "eva"));
        var release = _log.HoldAppends();
        var question = Question("eva", 0);
        question.Events.Add(Events.Good("m2", "eva"));

        // The log never answers before the test lets it, however slow the machine is: a tenth of a second is all that is to be waited.
        Api.NextBestActionResponse? answer = null;
        for (var deadline = TimeSpan.FromSeconds(0.1); answer is null && deadline < TimeSpan.FromMinutes(1); deadline *= 4)
        {
            try
            {
                answer = await _server.Decisions.NextBestActionAsync(question, deadline: DateTime.UtcNow + deadline);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.DeadlineExceeded)
            {
                // A machine under load: with more time.
            }
        }

        Assert.Equal("Items 1, sequence 1, degraded", Text(answer!));
        release.SetResult();
    }

    [Theory]
    [InlineData(null, 20, null, null)]
    [InlineData(86_400_000d, 20, 86_399_980d, 10d)]
    [InlineData(99_999_999_000d, 20, null, null)]
    [InlineData(1000d, 20, 980d, 10d)]
    [InlineData(40d, 20, 20d, 10d)]
    [InlineData(10d, 20, 5d, 2.5d)]
    [InlineData(0d, 20, 0d, 0d)]
    [InlineData(-5d, 20, 0d, 0d)]
    public void Of_the_time_left_a_margin_is_kept_back_but_never_more_than_half(double? left, double margin, double? asAsked, double? onHeld)
    {
        var patience = Patience.Of(left is { } ms ? TimeSpan.FromMilliseconds(ms) : null, TimeSpan.FromMilliseconds(margin));

        Assert.Equal((asAsked, onHeld), (patience?.AsAsked.TotalMilliseconds, patience?.OnHeld.TotalMilliseconds));
    }

    private Task<Api.NextBestActionResponse> AskAsync(Api.NextBestActionRequest question, Patience patience)
    {
        var caller = _server.Services.GetRequiredService<OpenAccess>().Local;
        return _server.Services.GetRequiredService<DecisionsService>().NextBestActionAsync(question, caller, patience, TestContext.Current.CancellationToken);
    }

    /// <summary>Ends when the commit of a call is under way: a question for its sequence then waits for it rather than being refused.</summary>
    private async Task UntilWaitingAsync(Task? call)
    {
        if (call is not null)
        {
            await Eventually.HoldsAsync(() => _log.AppendsWaiting > 0 || call.IsCompleted);
            Assert.False(call.IsCompleted, "the call did not wait for its commit");
        }
    }

    private static Api.NextBestActionRequest Question(string user, long minSequence) =>
        new() { Customer = GatewayServer.User(user), Channel = "web", MinSequence = minSequence, DryRun = true };

    private static string Text(Api.NextBestActionResponse answer) =>
        $"Items {answer.Decision.Items.Count}, sequence {answer.Decision.Sequence}{(answer.Decision.Degraded ? ", degraded" : "")}";
}
