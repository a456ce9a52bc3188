using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;

namespace Decisioning.Storage;

/// <summary>
/// A decision as it was asked for and answered: with the customer's log and the strategy's version enough to make it again.
/// What the engine makes again from these is not stored and reads back empty: rendered content, tracking tokens, rule
/// reports, and of verdicts the reason's words and the values seen.
/// </summary>
/// <param name="Customer">Whom it was made for.</param>
/// <param name="Request">What was asked.</param>
/// <param name="Decision">What was answered.</param>
/// <param name="Offers">Which open offers counted; null in logs of before this was kept.</param>
public sealed record DecisionRecord(CustomerKey Customer, DecisionRequest Request, Decision Decision, OffersCounted? Offers = null)
{
    /// <summary>Until when its offers count against caps (exclusive); null when it offers nothing.</summary>
    public DateTimeOffset? OpenUntil => Decision.Items.IsEmpty ? null : Decision.Items.Max(item => item.ExpiresAt);
}
