using Decisioning.Engine.Access;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;

namespace Decisioning.Gateway.Access;

/// <summary>What a caller may do beyond its scopes: whom it may ask for and speak of, and what it is told.</summary>
internal static class Admission
{
    /// <summary>Lets a question through, or ends the call. Who may not see reasons is asked none.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="customer">For whom.</param>
    /// <param name="question">What.</param>
    /// <param name="withEvents">Whether the question brings events.</param>
    /// <exception cref="AccessRefusedException">The caller may not.</exception>
    public static DecisionRequest Ask(Caller caller, CustomerKey customer, DecisionRequest question, bool withEvents = false)
    {
        if (withEvents && !caller.May(AccessScope.Track))
        {
            throw new AccessRefusedException("SCOPE_MISSING", "`events`: " + ScopeRequirement.Refusal(caller, AccessScope.Track));
        }

        if (caller.RefusesToAsk(customer) is { } refusal)
        {
            throw new AccessRefusedException("CUSTOMER_NOT_YOURS", refusal);
        }

        return caller.IsPublic ? question with { Explain = ExplainLevel.None } : question;
    }

    /// <summary>Lets what a caller says of a customer through, or ends the call.</summary>
    /// <exception cref="AccessRefusedException">The caller may not.</exception>
    public static void Tell(Caller caller, CustomerKey customer)
    {
        if (!MayTell(caller, customer))
        {
            throw new AccessRefusedException("CUSTOMER_NOT_YOURS", "a visitor's token speaks of its own `user_id` or of an `anonymous_id` only");
        }
    }

    /// <summary>Whether a caller may send what a customer did. A visitor's token knows one user; every other credential may name any.</summary>
    public static bool MayTell(Caller caller, CustomerKey customer) =>
        caller.VisitorId is null || customer.IsAnonymous || (customer.IsUser && customer.Id == caller.VisitorId);
}

/// <summary>The caller may not do what it asks; becomes PERMISSION_DENIED with the reason for programs.</summary>
/// <param name="reason">Upper case with underscores.</param>
/// <param name="refusal">A sentence with the cure.</param>
internal sealed class AccessRefusedException(string reason, string refusal) : Exception(refusal)
{
    public string Reason { get; } = reason;
}
