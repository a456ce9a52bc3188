using System.Globalization;
using Decisioning.Engine.Customers;
using Xunit;

namespace Decisioning.Engine.Tests.Customers;

public sealed class SeenMessagesTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_window_is_the_newest_messages_however_they_came(int seed)
    {
        var random = new Random(seed);
        List<SeenMessage> all = [];
        var window = SeenMessages.Empty;
        for (var step = 0; step < 60; step++)
        {
            SeenMessage[] newer = [.. Enumerable.Range(all.Count, random.Next(10) switch { 0 => random.Next(150), < 5 => random.Next(20), _ => 1 }).Select(Message)];
            var (before, known) = (window, window.Messages);
            window = random.Next(8) == 0 ? SeenMessages.From(window.Messages.AsSpan()).Add(newer) : window.Add(newer);
            all.AddRange(newer);

            SeenMessage[] expected = [.. all.TakeLast(Limits.SeenMessagesMax)];
            var told = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, step {step}");
            Assert.True(expected.SequenceEqual(window.Messages), told);
            Assert.True(known.SequenceEqual(before.Messages), told + ": the window before changed");
            Assert.Equal((expected.Length, SeenMessages.From(expected)), (window.Count, window));
            Assert.All(Enumerable.Range(0, all.Count), i => Assert.Equal(Math.Max(-1, i - (all.Count - expected.Length)), window.Find(all[i].IdHash)));
            Assert.Equal(-1, window.Find(ulong.MaxValue));
        }
    }

    private static SeenMessage Message(int number) => new(unchecked((ulong)number * 0x9E37_79B9_7F4A_7C15), (ulong)number);
}
