using System.Collections.Immutable;
using Decisioning.Engine.Policies;

namespace Decisioning.Engine.Customers;

/// <summary>The contacts that caps count, after a response.</summary>
internal static class ContactBook
{
    /// <summary>The contacts with one more, oldest first; beyond <see cref="Limits.ContactsPerCustomerMax"/> the oldest leave.</summary>
    public static ImmutableArray<Contact> With(ImmutableArray<Contact> contacts, ActionResponse response, DateTimeOffset at)
    {
        var place = contacts.Length;
        while (place > 0 && contacts[place - 1].At > at)
        {
            place--;
        }

        var next = contacts.Insert(place, new(response.Outcome, response.Issue, response.Group, response.Action, response.Channel, at, response.DecisionId));
        return next.Length <= Limits.ContactsPerCustomerMax ? next : next.RemoveAt(0);
    }
}
