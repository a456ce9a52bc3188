using System.Collections.Immutable;
using Decisioning.Engine;
using Decisioning.Engine.Customers;

namespace Decisioning.Gateway.Requests;

/// <summary>An event as read: either with its customer, or with what is wrong with it.</summary>
internal readonly record struct ReadEvent(string MessageId, CustomerKey? Key, CustomerEvent? Event, ImmutableArray<FieldViolation> Violations)
{
    /// <summary>Further identities of the customer that it names; default for none.</summary>
    public ImmutableArray<CustomerKey> Others { get; init; }

    /// <summary>An event that cannot be taken. Of an id that is too long only as much is given back as an id may have.</summary>
    public static ReadEvent Refused(string messageId, Violations violations) =>
        new(messageId.Length > Limits.MessageIdCharsMax ? messageId[..Limits.MessageIdCharsMax] : messageId, null, null, violations.Found);
}
