using Decisioning.Test.V1;
using Grpc.Core;

namespace Decisioning.Packages.Grpc.Tests;

public sealed class MetadataTests(EchoFixture fixture) : IClassFixture<EchoFixture>
{
    private static readonly byte[] Bytes = [0, 1, 2, 254, 255];

    private readonly Echo.EchoClient _client = fixture.Server.Client;

    [Fact]
    public async Task Headers_go_there_and_come_back_as_headers_and_trailers()
    {
        using var call = _client.SayAsync(new EchoRequest(), new Metadata { { "x-text", "a value, with = signs" }, { "X-Upper", "v" }, { "x-data-bin", Bytes } });
        var headers = await call.ResponseHeadersAsync;
        await call;
        foreach (var (metadata, prefix) in (IEnumerable<(Metadata, string)>)[(headers, "x"), (call.GetTrailers(), "t")])
        {
            Assert.Equal("a value, with = signs", metadata.GetValue($"{prefix}-text"));
            Assert.Equal("v", metadata.GetValue($"{prefix}-upper"));
            Assert.Equal(Bytes, metadata.GetValueBytes($"{prefix}-data-bin"));
        }
    }

    [Fact]
    public async Task Trailers_come_with_an_error_too()
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await _client.SayAsync(
            new EchoRequest { Behaviour = Behaviour.Fail, Code = (int)StatusCode.NotFound }, new Metadata { { "x-data-bin", Bytes } }));
        Assert.Equal(Bytes, error.Trailers.GetValueBytes("t-data-bin"));
    }

    [Fact]
    public async Task Headers_arrive_before_the_first_message()
    {
        using var call = _client.Chat(new Metadata { { "x-early", "yes" } });
        Assert.Equal("yes", (await call.ResponseHeadersAsync).GetValue("x-early"));
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal("yes", call.GetTrailers().GetValue("t-early"));
    }

    [Fact]
    public async Task The_headers_of_a_call_that_does_not_start_fail_with_its_status()
    {
        using var call = _client.SayAsync(new EchoRequest(), cancellationToken: new CancellationToken(canceled: true));
        await Assert.ThrowsAsync<RpcException>(async () => await call);
        await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseHeadersAsync);
    }

    [Fact]
    public void Keys_are_lower_case_and_repeatable()
    {
        Metadata metadata = [new("Key", "1"), new("key", "2"), new("other", "3")];
        Assert.Equal("2", metadata.GetValue("KEY"));
        Assert.Equal(["1", "2"], metadata.GetAll("key").Select(entry => entry.Value));
        Assert.Equal("key", metadata[0].Key);
        Assert.Null(metadata.Get("none"));
        Assert.True(metadata.Remove(metadata[0]));
        Assert.Equal(2, metadata.Count);
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("ümlaut")]
    [InlineData("colon:")]
    [InlineData("data-bin")]
    public void A_key_that_cannot_carry_text_is_refused(string key) => Assert.Throws<ArgumentException>(() => new Metadata.Entry(key, "text"));

    [Fact]
    public void A_binary_entry_needs_its_suffix_and_has_no_text()
    {
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("data", Bytes));
        var entry = new Metadata.Entry("data-bin", Bytes);
        Assert.True(entry.IsBinary);
        Assert.Equal(Bytes, entry.ValueBytes);
        Assert.Throws<InvalidOperationException>(() => entry.Value);
    }

    [Fact]
    public void The_empty_metadata_cannot_be_changed() => Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("a", "b"));
}
