using Decisioning.LoadTests.Stateless.Redis;

namespace Decisioning.LoadTests.Tests;

/// <summary>With a Redis that runs.</summary>
public sealed class RedisClientTests : IDisposable
{
    private readonly RedisServer _server;

    public RedisClientTests()
    {
        Assert.SkipWhen(!RedisServer.IsInstalled && Environment.GetEnvironmentVariable("CI") != "true", RedisServer.Cure);
        _server = RedisServer.Start();
    }

    public void Dispose() => _server?.Dispose();

    [Fact]
    public async Task Callers_who_share_a_connection_get_the_answers_to_their_own_questions()
    {
        await using var redis = new RedisClient(_server.SocketPath);
        await Task.WhenAll(Enumerable.Range(0, 2_000).Select(async caller =>
        {
            var replies = await redis.SendAsync(new RedisRequest().Add("SET", $"k{caller}", new byte[caller]).Add("GET", $"k{caller}").Add("INCRBY", "sum", $"{caller}"));
            Assert.Equal(("OK", caller), (replies[0].Text, replies[1].Bytes!.Length));
        }));

        Assert.Equal("1999000", (await redis.SendAsync(new RedisRequest().Add("GET", "sum")))[0].Text);
    }

    [Fact]
    public async Task A_refused_command_fails_its_own_request_alone()
    {
        await using var redis = new RedisClient(_server.SocketPath);
        var refused = redis.SendAsync(new RedisRequest().Add("SET", "a", "1").Add("HGETALL", "a").Add("SET", "b", "2"));
        var other = redis.SendAsync(new RedisRequest().Add("GET", "b"));

        Assert.Contains("WRONGTYPE", (await Assert.ThrowsAsync<RedisException>(() => refused)).Message, StringComparison.Ordinal);
        Assert.Equal("2", (await other)[0].Text);
    }

    [Fact]
    public async Task What_is_under_way_fails_when_redis_dies_and_what_comes_later_waits_until_it_is_back()
    {
        await using var redis = new RedisClient(_server.SocketPath);
        await redis.SendAsync(new RedisRequest().Add("PING"));
        var underWay = redis.SendAsync(new RedisRequest().Add("BLPOP", "never", "0"));
        _server.Stop();
        await Assert.ThrowsAsync<RedisException>(() => underWay);

        var later = redis.SendAsync(new RedisRequest().Add("PING"));
        _server.StartAgain();

        Assert.Equal("PONG", (await later)[0].Text);
    }

    [Fact]
    public async Task More_requests_than_may_wait_are_refused()
    {
        var redis = new RedisClient(_server.SocketPath);
        await redis.SendAsync(new RedisRequest().Add("CLIENT", "PAUSE", "60000", "ALL"));
        var waiting = Enumerable.Range(0, RedisClient.WaitingMax).Select(_ => redis.SendAsync(new RedisRequest().Add("PING"))).ToList();

        await Assert.ThrowsAsync<RedisException>(() => redis.SendAsync(new RedisRequest().Add("PING")));
        await redis.DisposeAsync();
        Assert.All(waiting, one => Assert.True(one.IsFaulted));
    }
}
