using Decisioning.V1;

namespace Decisioning.Cli.Import;

/// <summary>Asks for a decision after every so many events of an import, as a shop would have while they happened.</summary>
/// <param name="client">The engine.</param>
/// <param name="every">After every how many events of the file, from 1.</param>
/// <param name="channel">Where the answers would be used; empty for any.</param>
/// <param name="placements">The slots to fill; none for one ranked list.</param>
internal sealed class DecisionAsker(Decisions.DecisionsClient client, int every, string channel, IReadOnlyList<string> placements)
{
    private long _events;
    private long _asked;

    /// <summary>Decisions answered so far.</summary>
    public long Asked => Interlocked.Read(ref _asked);

    /// <summary>Counts an event; gives the question to ask once it is acknowledged, or null.</summary>
    public NextBestActionRequest? After(Event sent)
    {
        if (++_events % every != 0)
        {
            return null;
        }

        var request = new NextBestActionRequest
        {
            Customer = sent.UserId.Length > 0 ? new CustomerIdentity { UserId = sent.UserId } : new CustomerIdentity { AnonymousId = sent.AnonymousId },
            Channel = channel,
            DecisionRequestId = IdOf(sent.MessageId),
        };
        request.Placements.AddRange(placements);
        return request;
    }

    /// <summary>Asks.</summary>
    public async Task AskAsync(NextBestActionRequest request, CancellationToken cancellationToken)
    {
        await client.NextBestActionAsync(request, cancellationToken: cancellationToken);
        Interlocked.Increment(ref _asked);
    }

    // Repeating an import asks the same questions; an id longer than a question's may be is cut from the front, where ids differ least.
    private static string IdOf(string messageId)
    {
        const int charsMax = 120;
        return "import-" + (messageId.Length <= charsMax ? messageId : messageId[^charsMax..]);
    }
}
