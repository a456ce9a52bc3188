using Decisioning.Engine.Customers;
using Decisioning.Engine.Journeys;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Decisions;

/// <summary>How a customer stands at an instant without an event: what time alone has changed since the last one.</summary>
public static class Standing
{
    /// <summary>
    /// Turns facts to a customer at an instant and gives the state as of then: stages entered and left by time alone
    /// (one step, as at an event), so that a decision does not wait for an event to notice. Tags, windows and scores read themselves at the instant.
    /// Nothing of it is kept: the next event finds the same.
    /// </summary>
    /// <param name="facts">Looks at the state returned afterwards.</param>
    /// <param name="state">The committed state.</param>
    /// <param name="now">The instant; one before the instant the state stands at counts as that.</param>
    /// <param name="context">The situation: the request's context, laid over the newest known.</param>
    public static CustomerState At(Facts facts, CustomerState state, DateTimeOffset now, PropertyMap context)
    {
        var at = state.AsOf() is { } stands && stands > now ? stands : now;
        facts.Look(state, at, null, Remembered.Lay(state.Context, context));
        return StageStep.Run(facts);
    }
}
