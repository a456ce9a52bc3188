using System.Text;

namespace Decisioning.LoadTests.Stateless.Redis;

/// <summary>What Redis answered to one command.</summary>
/// <param name="Number">Of an integer; 0 otherwise.</param>
/// <param name="Bytes">Of a text; null of other kinds and where there is none (<c>nil</c>).</param>
/// <param name="Items">Of a list; null of other kinds.</param>
/// <param name="Error">Why it was refused; null where it was not.</param>
internal sealed record RedisReply(long Number, byte[]? Bytes, RedisReply[]? Items, string? Error)
{
    /// <summary>No value.</summary>
    public static RedisReply Nil { get; } = new(0, null, null, null);

    /// <summary>An integer.</summary>
    public static RedisReply Of(long number) => new(number, null, null, null);

    /// <summary>A text.</summary>
    public static RedisReply Of(byte[] bytes) => new(0, bytes, null, null);

    /// <summary>A list.</summary>
    public static RedisReply Of(RedisReply[] items) => new(0, null, items, null);

    /// <summary>A refusal.</summary>
    public static RedisReply Refused(string error) => new(0, null, null, error);

    /// <summary>The text; empty where there is none.</summary>
    public string Text => Bytes is null ? "" : Encoding.UTF8.GetString(Bytes);
}
