using System.Buffers.Text;
using Decisioning.Engine.Decisions;
using Xunit;

namespace Decisioning.Engine.Tests.Decisions;

public sealed class TrackingTokenTests
{
    private const int Seed = 20261121;

    private static readonly TrackingToken Sample = new(
        "0123456789ABCDEFGHJKMNPQRS", "retain", "check-up", "diabetes-screening", "web-hero", "web", "hero", new(2026, 11, 2, 10, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Random_tokens_come_back_as_they_were()
    {
        var random = new Random(Seed);
        for (var step = 0; step < 2_000; step++)
        {
            var token = new TrackingToken(
                Text(random), Text(random), Text(random), Text(random), Text(random), Text(random), Text(random),
                new(random.NextInt64(DateTimeOffset.MaxValue.UtcTicks / 10) * 10, TimeSpan.Zero));
            var text = token.Write();
            Assert.True(TrackingToken.TryRead(text, out var read, out var error), $"seed {Seed}, step {step}: {error}");
            Assert.Equal(token, read);
            Assert.InRange(text.Length, 1, Limits.TrackingTokenCharsMax);
        }
    }

    [Fact]
    public void Every_single_byte_corruption_is_refused()
    {
        var bytes = Base64Url.DecodeFromChars(Sample.Write());
        for (var at = 0; at < bytes.Length; at++)
        {
            for (var change = 1; change <= byte.MaxValue; change++)
            {
                var corrupt = (byte[])bytes.Clone();
                corrupt[at] ^= (byte)change;
                Assert.False(TrackingToken.TryRead(Base64Url.EncodeToString(corrupt), out _, out _), $"byte {at} changed by {change}");
            }
        }
    }

    [Fact]
    public void Every_changed_or_missing_or_added_character_is_refused()
    {
        const string characters = "ABCabcxyz0189-_=+/. \n";
        var text = Sample.Write();
        for (var at = 0; at < text.Length; at++)
        {
            Assert.False(TrackingToken.TryRead(text.Remove(at, 1), out _, out _), $"without character {at}");
            foreach (var character in characters)
            {
                Assert.False(TrackingToken.TryRead(text.Insert(at, character.ToString()), out _, out _), $"`{character}` put in at {at}");
                Assert.False(
                    text[at] != character && TrackingToken.TryRead(text[..at] + character + text[(at + 1)..], out _, out _), $"`{character}` in place of {at}");
            }
        }
    }

    [Theory]
    [InlineData("", "the token is cut off: give the `tracking_token` of the decision's item back unchanged")]
    [InlineData("not a token!", "the token is not base64url: give")]
    [InlineData("AQ", "the token is cut off")]
    [InlineData("AQAAAAAAAAAAAAAAAAAAAAAAAAA", "the token's checksum does not match")]
    public void What_is_no_token_is_refused_with_a_reason(string text, string expected)
    {
        Assert.False(TrackingToken.TryRead(text, out var token, out var error));
        Assert.Null(token);
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Token_over_the_limit_is_refused_and_the_longest_possible_is_not()
    {
        Assert.False(TrackingToken.TryRead(new string('A', Limits.TrackingTokenCharsMax + 1), out _, out var error));
        Assert.Contains("at most 2420", error, StringComparison.Ordinal);

        var longest = new string('x', 255);
        var text = new TrackingToken(longest, longest, longest, longest, longest, longest, longest, DateTimeOffset.UnixEpoch).Write();
        Assert.True(TrackingToken.TryRead(text, out _, out _));
    }

    private static string Text(Random random)
    {
        const string alphabet = "abcXYZ-_019 äöé中😀";
        return string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => alphabet.EnumerateRunes().ElementAt(random.Next(16)).ToString()));
    }
}
