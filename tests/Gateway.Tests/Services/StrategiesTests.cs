using Decisioning.Gateway.Tests.Support;
using Decisioning.Tests.Shared;
using Grpc.Core;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Tests.Services;

public sealed class StrategiesTests : IAsyncLifetime
{
    private static readonly string Sale = TestStrategies.Shop.Replace("welcome:", "sale:", StringComparison.Ordinal);
    private static readonly string Broken = TestStrategies.Shop.Replace("timezone: UTC", "timezone: Nowhere/Land", StringComparison.Ordinal).Replace("features.views >= 1", "features.vews >= 1", StringComparison.Ordinal);

    private readonly GatewayServer _server = new(null);

    public async ValueTask InitializeAsync() => await _server.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Without_a_strategy_nothing_is_recorded_or_decided()
    {
        var question = new Api.NextBestActionRequest { Customer = GatewayServer.User("ann") };
        Assert.Equal(StatusCode.FailedPrecondition, await CodeAsync(async () => await _server.TrackAsync(Events.Good())));
        Assert.Equal(StatusCode.FailedPrecondition, await CodeAsync(async () => await _server.Decisions.NextBestActionAsync(question)));
        Assert.Equal(StatusCode.NotFound, await CodeAsync(async () => await _server.Strategies.GetAsync(new Api.StrategiesGetRequest())));

        await PublishAsync(TestStrategies.Shop);
        Assert.Equal(["Applied 1"], await _server.TrackAsync(Events.Good()));
    }

    [Fact]
    public async Task Versions_follow_one_another_and_stay_readable()
    {
        var first = await PublishAsync(TestStrategies.Shop);
        Assert.Equal(first.Version, (await PublishAsync(TestStrategies.Shop)).Version);
        var second = await PublishAsync(Sale, first.Version.Hash);
        Assert.Equal((1L, 2L), (first.Version.Version, second.Version.Version));

        Assert.Equal(Sale, (await _server.Strategies.GetAsync(new Api.StrategiesGetRequest())).Source.Files.Single().Text);
        Assert.Equal(first.Version, (await _server.Strategies.GetAsync(new Api.StrategiesGetRequest { Version = 1 })).Version);
        Assert.Equal(StatusCode.NotFound, await CodeAsync(async () => await _server.Strategies.GetAsync(new Api.StrategiesGetRequest { Version = 3 })));
    }

    [Fact]
    public async Task A_publication_that_replaces_another_version_is_aborted()
    {
        var first = await PublishAsync(TestStrategies.Shop);
        await PublishAsync(Sale);
        Assert.Equal(StatusCode.Aborted, await CodeAsync(() => PublishAsync(TestStrategies.Shop + "# mine\n", first.Version.Hash)));
        Assert.Equal(2, (await _server.Strategies.GetAsync(new Api.StrategiesGetRequest())).Version.Version);
    }

    [Fact]
    public async Task A_broken_strategy_is_answered_with_every_mistake_and_the_running_one_stays()
    {
        await PublishAsync(TestStrategies.Shop);
        var refused = await PublishAsync(Broken);
        var checkedOnly = await _server.Strategies.ValidateAsync(new Api.ValidateRequest { Source = Source(("strategy.yaml", Broken)) });
        Assert.Equal(2, refused.Errors.Count);
        Assert.All(refused.Errors, error => Assert.True(error.File == "strategy.yaml" && error.Line > 1 && error.Column > 0 && error.Message.Length > 0));
        Assert.Null(refused.Version);
        Assert.Equal(refused.Errors, checkedOnly.Errors);
        Assert.Equal(refused.Warnings, checkedOnly.Warnings);
        Assert.Equal(1, (await _server.Strategies.GetAsync(new Api.StrategiesGetRequest())).Version.Version);
    }

    [Fact]
    public async Task A_publication_answers_what_is_worth_a_second_look_and_a_check_says_the_same()
    {
        var published = await PublishAsync(TestStrategies.Shop);
        var checkedOnly = await _server.Strategies.ValidateAsync(new Api.ValidateRequest { Source = Source(("strategy.yaml", TestStrategies.Shop)) });
        Assert.Equal(1, published.Version.Version);
        Assert.Contains(published.Warnings, warning => (warning.Rule, warning.Path, warning.Line) == ("unused", "features.spent", 11));
        Assert.Equal(published.Warnings, checkedOnly.Warnings);
        Assert.Empty(checkedOnly.Errors);
    }

    [Theory]
    [InlineData("source.files: is empty or too long", "", "")]
    [InlineData("source.files[0].path: is empty or too long", "x", "", "")]
    [InlineData("source.files[0].path: `../strategy.yaml` is not a name within", "x", "", "../strategy.yaml")]
    [InlineData("source.files[0].path: `/etc/passwd` is not a name within", "x", "", "/etc/passwd")]
    [InlineData("source.files[0].path: `a\\b` is not a name within", "x", "", "a\\b")]
    [InlineData("source.files[1].path: `a.yaml` is there twice", "x", "", "a.yaml", "a.yaml")]
    [InlineData("replaces_hash: has 3 characters", "x", "abc", "a.yaml")]
    public async Task A_source_is_refused_with_the_field(string expected, string text, string replaces, params string[] paths)
    {
        var request = new Api.PublishRequest { Source = Source([.. paths.Select(path => (path, text))]), ReplacesHash = replaces };
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await _server.Strategies.PublishAsync(request));
        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        Assert.StartsWith(expected, failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strategy_larger_than_the_limit_is_refused() => Assert.Equal(
        StatusCode.InvalidArgument, await CodeAsync(() => PublishAsync(Events.X(Engine.Limits.StrategyBytesMax + 1))));

    private async Task<Api.PublishResponse> PublishAsync(string text, string replacesHash = "") =>
        await _server.Strategies.PublishAsync(new Api.PublishRequest { Source = Source(("strategy.yaml", text)), ReplacesHash = replacesHash });

    private static Api.StrategySource Source(params (string Path, string Text)[] files)
    {
        var source = new Api.StrategySource();
        source.Files.AddRange(files.Select(file => new Api.StrategyFile { Path = file.Path, Text = file.Text }));
        return source;
    }

    private static async Task<StatusCode> CodeAsync(Func<Task> call) => (await Assert.ThrowsAsync<RpcException>(call)).StatusCode;
}
