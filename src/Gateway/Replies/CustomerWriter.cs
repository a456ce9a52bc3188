using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Gateway.Requests;
using Google.Protobuf.WellKnownTypes;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Replies;

/// <summary>Writes customers and their changes.</summary>
internal static class CustomerWriter
{
    public static Api.Customer Write(CustomerKey key, CustomerView view) => Write(key, view, []);

    public static Api.Customer Write(CustomerKey key, CustomerView view, ImmutableArray<CustomerKey> identities)
    {
        var target = new Api.Customer
        {
            Identity = IdentityReader.Write(key),
            Sequence = view.Sequence,
            StrategyVersion = view.StrategyVersion,
            At = view.At.ToTimestamp(),
            Profile = StructWriter.Write(view.Profile),
            Features = StructWriter.Write(view.Features),
            LateEvents = view.LateEvents,
            FirstEventAt = view.FirstEventAt?.ToTimestamp(),
            LatestEventAt = view.LatestEventAt?.ToTimestamp(),
            NextLookAt = view.NextLookAt?.ToTimestamp(),
        };
        target.Identities.AddRange(identities.Select(IdentityReader.Write));
        target.Segments.AddRange(view.Segments);
        target.Tags.AddRange(view.Tags.Select(tag => new Api.Tag
        {
            Name = tag.Name,
            Level = tag.Level,
            Evidence = tag.Evidence,
            Since = tag.Since.ToTimestamp(),
            ExpiresAt = tag.ExpiresAt?.ToTimestamp(),
        }));
        target.Scores.AddRange(view.Scores.Select(score => new Api.Score { Name = score.Name, Points = score.Points, Grade = score.Grade }));
        target.Stages.AddRange(view.Stages.Select(stage => new Api.Stage { Name = stage.Name, EnteredAt = stage.EnteredAt.ToTimestamp(), Entries = stage.Entries }));
        target.Consents.AddRange(view.Consents.Select(consent => new Api.Consent
        {
            Purpose = consent.Purpose,
            Channel = consent.Channel,
            Status = consent.Status switch
            {
                "GRANTED" => Api.ConsentStatus.Granted,
                "DENIED" => Api.ConsentStatus.Denied,
                "REVOKED" => Api.ConsentStatus.Revoked,
                _ => Api.ConsentStatus.Unspecified,
            },
            StatusDate = consent.At.ToTimestamp(),
        }));
        return target;
    }

    public static Api.Change Write(CustomerChange change) => new()
    {
        Kind = (Api.ChangeKind)change.Kind,
        Sequence = change.Sequence,
        Name = change.Name,
        At = change.At.ToTimestamp(),
        Detail = change.Detail,
    };
}
