using Decisioning.Engine.Expressions;

namespace Decisioning.LoadTests.Stateless;

/// <summary>Picks the next best actions.</summary>
internal static class ServiceDecider
{
    /// <summary>The best of a slot for a customer, best first: all conditions hold, no cap is reached.</summary>
    /// <param name="plan">The actions.</param>
    /// <param name="slot">The channel and placement.</param>
    /// <param name="facts">The customer.</param>
    /// <param name="contacts">What was offered before.</param>
    /// <param name="today">The day.</param>
    /// <param name="most">How many at most.</param>
    public static List<ServiceCandidate> Decide(ServicePlan plan, (string Channel, string Placement) slot, ProfileFacts facts, ContactCounts contacts, int today, int most)
    {
        List<ServiceCandidate> chosen = [];
        var byCap = contacts.ByCap(plan, today);
        foreach (var candidate in plan.Slots.GetValueOrDefault(slot) ?? [])
        {
            // The best come first: the rest need not be asked.
            if (chosen.Count == most)
            {
                break;
            }

            if (Holds(candidate, facts) && IsAllowed(plan, candidate, byCap))
            {
                chosen.Add(candidate);
                for (var cap = 0; cap < byCap.Length; cap++)
                {
                    byCap[cap][candidate.Keys[cap]] = byCap[cap].GetValueOrDefault(candidate.Keys[cap]) + 1;
                }
            }
        }

        return chosen;
    }

    private static bool Holds(ServiceCandidate candidate, ProfileFacts facts)
    {
        foreach (var condition in candidate.Conditions)
        {
            if (condition.Test(facts) != Truth.True)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsAllowed(ServicePlan plan, ServiceCandidate candidate, Dictionary<string, int>[] byCap)
    {
        for (var cap = 0; cap < byCap.Length; cap++)
        {
            if (byCap[cap].GetValueOrDefault(candidate.Keys[cap]) >= plan.Caps[cap].AtMost)
            {
                return false;
            }
        }

        return true;
    }
}
