using System.Collections.Immutable;
using Decisioning.Engine.Policies;

namespace Decisioning.Engine.Customers;

/// <summary>The contacts that caps count, after a response.</summary>
internal static class ContactBook
{
    /// <summary>
    /// The contacts with one more, oldest first. Beyond <see cref="Limits.ContactsPerCustomerMax"/> the oldest of the most frequent outcome
    /// leaves: many impressions do not push out the refusal that a cool-off waits for.
    /// </summary>
    public static ImmutableArray<Contact> With(ImmutableArray<Contact> contacts, ActionResponse response, DateTimeOffset at)
    {
        var place = contacts.Length;
        while (place > 0 && contacts[place - 1].At > at)
        {
            place--;
        }

        var next = contacts.Insert(place, new(response.Outcome, response.Issue, response.Group, response.Action, response.Channel, at, response.DecisionId));
        return next.Length <= Limits.ContactsPerCustomerMax ? next : next.RemoveAt(OldestOfMost(next));
    }

    private static int OldestOfMost(ImmutableArray<Contact> contacts)
    {
        Span<int> counts = stackalloc int[1 + (int)Outcome.Converted];
        foreach (var contact in contacts)
        {
            counts[(int)contact.Outcome]++;
        }

        var most = 0;
        for (var outcome = 1; outcome < counts.Length; outcome++)
        {
            most = counts[outcome] > counts[most] ? outcome : most;
        }

        for (var i = 0; i < contacts.Length; i++)
        {
            if ((int)contacts[i].Outcome == most)
            {
                return i;
            }
        }

        return 0;
    }
}
