using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Policies;
using Xunit;

namespace Decisioning.Engine.Tests.Customers;

public sealed class ContactBookTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Refusal_outlives_any_number_of_impressions_and_the_newest_impressions_stay()
    {
        var contacts = With([], Outcome.Rejected, 0);
        for (var i = 1; i <= 2 * Limits.ContactsPerCustomerMax; i++)
        {
            contacts = With(contacts, Outcome.Impression, i);
        }

        Assert.Equal(Limits.ContactsPerCustomerMax, contacts.Length);
        Assert.Equal(Outcome.Rejected, contacts[0].Outcome);
        Assert.Equal(Start.AddHours(Limits.ContactsPerCustomerMax + 2), contacts[1].At);
    }

    [Fact]
    public void Contacts_stand_oldest_first_in_whatever_order_they_come()
    {
        var contacts = With(With(With([], Outcome.Clicked, 5), Outcome.Impression, 1), Outcome.Accepted, 3);
        Assert.Equal([Outcome.Impression, Outcome.Accepted, Outcome.Clicked], contacts.Select(contact => contact.Outcome));
    }

    private static ImmutableArray<Contact> With(ImmutableArray<Contact> contacts, Outcome outcome, int hour) =>
        ContactBook.With(contacts, new("", "i", "g", "a", "", "web", "", outcome, Behaviour.Unspecified, 0), Start.AddHours(hour));
}
