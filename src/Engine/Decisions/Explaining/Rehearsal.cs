using Decisioning.Engine.Customers;
using Decisioning.Engine.Strategies;

namespace Decisioning.Engine.Decisions.Explaining;

/// <summary>A decision that can be made again with something else supposed, or at another instant.</summary>
/// <param name="Key">The customer.</param>
/// <param name="State">What is remembered of the customer.</param>
/// <param name="Offers">What waits for its response.</param>
/// <param name="Strategy">The strategy.</param>
/// <param name="Request">The question.</param>
/// <param name="Now">The instant it was asked at.</param>
/// <param name="Hooks">What is asked of others.</param>
internal sealed record Rehearsal(
    CustomerKey Key, CustomerState State, OpenOffers Offers, Strategy Strategy, DecisionRequest Request, DateTimeOffset Now, DecisionHooks Hooks)
{
    /// <summary>Decides at an instant; the working memory then holds how far each candidate came.</summary>
    public void At(DecisionWork work, DateTimeOffset at) => Decider.Run(work, Key, State, Offers, Request, at, Hooks);

    /// <summary>Decides with wishes come true.</summary>
    public void With(DecisionWork work, IEnumerable<Wish> wishes)
    {
        var supposed = Supposition.Of(Strategy, State, Request, wishes, Now);
        Decider.Run(work, Key, supposed.State, Offers, supposed.Request, Now, Hooks with { Supposed = supposed.Features.Count == 0 ? null : supposed.Features });
    }
}
