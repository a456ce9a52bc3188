using Decisioning.Engine.Access;

namespace Decisioning.Gateway.Access;

/// <summary>Judges keys.</summary>
internal sealed class CallerKeys
{
    private readonly bool _none = true;

    /// <summary>Whether no key exists.</summary>
    public ValueTask<bool> NoneAsync() => ValueTask.FromResult(_none);

    /// <summary>Judges a key.</summary>
    /// <param name="text">What was sent as one.</param>
    /// <param name="origin">The origin of the page that a browser sends it from; null for none.</param>
    public static ValueTask<Judgement> JudgeAsync(string text, string? origin)
    {
        Span<byte> hash = stackalloc byte[32];
        return ValueTask.FromResult(KeyText.TryRead(text, out _, hash) ? Judgement.Unknown : Judgement.Malformed);
    }
}
