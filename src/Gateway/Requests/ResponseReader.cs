using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Decisioning.Engine;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Values;
using Google.Protobuf.Collections;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Requests;

/// <summary>Reads responses to offered actions; each becomes an event of the customer.</summary>
internal static class ResponseReader
{
    private const int NameCharsMax = 128;
    private const double RewardMax = 1e12;

    public static IReadOnlyList<ReadEvent> Read(RepeatedField<Api.ActionResponse> responses, DateTimeOffset receivedAt, Violations request)
    {
        if (responses.Count is 0 or > Limits.EventsPerBatchMax)
        {
            request.Add("responses", responses.Count == 0 ? "is empty" : $"has {responses.Count} responses", $"send 1 to {Limits.EventsPerBatchMax}");
            return [];
        }

        receivedAt = new DateTimeOffset(receivedAt.UtcTicks - (receivedAt.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
        return [.. responses.Select((response, i) => Read(response, i, receivedAt))];
    }

    private static ReadEvent Read(Api.ActionResponse source, int at, DateTimeOffset receivedAt)
    {
        var violations = new Violations("responses", at);
        var answered = ReadAction(source, violations);
        if (source.Outcome is <= Api.Outcome.Unspecified or > Api.Outcome.Converted)
        {
            violations.Add("outcome", "is missing or unknown", "send IMPRESSION, CLICKED, ACCEPTED, REJECTED, DISMISSED, NO_RESPONSE or CONVERTED");
        }

        if (source.Behaviour is < Api.Behaviour.Unspecified or > Api.Behaviour.Neutral)
        {
            violations.Add("behaviour", $"`{(int)source.Behaviour}` is not a behaviour", "send POSITIVE, NEGATIVE or NEUTRAL, or leave it out");
        }

        if (!double.IsFinite(source.Reward) || Math.Abs(source.Reward) > RewardMax)
        {
            violations.Add("reward", "is not a number of a sensible size", $"send at most {RewardMax:0}");
        }

        if (source.MessageId.Length > Limits.MessageIdCharsMax)
        {
            violations.Add("message_id", $"has {source.MessageId.Length} characters", $"send at most {Limits.MessageIdCharsMax}, or leave it out");
        }

        var occurredAt = receivedAt;
        if (source.OccurredAt is not null && !EventReader.TryInstant(source.OccurredAt, out occurredAt))
        {
            violations.Add("occurred_at", "is not an instant between 1900 and 9999", "send when it happened, in UTC");
        }

        foreach (var (name, text) in new[] { ("decision_id", source.DecisionId), ("treatment", source.Treatment), ("channel", source.Channel), ("placement", source.Placement) })
        {
            if (text.Length > NameCharsMax)
            {
                violations.Add(name, $"has {text.Length} characters", $"send at most {NameCharsMax}");
            }
        }

        if (violations.Any)
        {
            return ReadEvent.Refused(source.MessageId, violations);
        }

        var response = answered! with
        {
            Outcome = (Outcome)source.Outcome,
            Behaviour = source.Behaviour == Api.Behaviour.Unspecified ? BehaviourOf(source.Outcome) : (Behaviour)source.Behaviour,
            Reward = source.Reward,
        };
        var hasId = source.MessageId.Length > 0;
        var messageId = hasId ? source.MessageId : MadeId(response, source.OccurredAt is null ? null : occurredAt);

        // A page that reports the same click twice says another instant each time; with an id that we made, it is one click. It is one as well
        // where the decision was made anew in between, as a watch's is.
        var saidAt = !hasId && response.DecisionId.Length > 0 ? DateTimeOffset.UnixEpoch
            : source.OccurredAt is not null && occurredAt == receivedAt ? occurredAt
            : (DateTimeOffset?)null;
        return new ReadEvent(
            messageId,
            null,
            new CustomerEvent(messageId, EventType.Response, EventNames.ResponseCaptured, occurredAt, receivedAt, PropertyMap.Empty, PropertyMap.Empty, response, saidAt),
            []);
    }

    private static ActionResponse? ReadAction(Api.ActionResponse source, Violations violations)
    {
        if (source.TrackingToken.Length > 0)
        {
            if (!TrackingToken.TryRead(source.TrackingToken, out var token, out var error))
            {
                violations.Add("tracking_token", error, "send the token of the decision's item unchanged");
                return null;
            }

            return new ActionResponse(
                token.DecisionId,
                token.Issue,
                token.Group,
                token.Action,
                source.Treatment.Length > 0 ? source.Treatment : token.Treatment,
                source.Channel.Length > 0 ? source.Channel : token.Channel,
                source.Placement.Length > 0 ? source.Placement : token.Placement,
                Outcome.Unspecified,
                Behaviour.Unspecified,
                0);
        }

        if (source.Action.Length is 0 or > NameCharsMax)
        {
            violations.Add("action", "is missing or too long", "send `tracking_token`, or `action` as the strategy names it");
        }

        // Issue and group are the strategy's to know: the engine fills them in.
        return new ActionResponse(
            source.DecisionId, string.Empty, string.Empty, source.Action, source.Treatment, source.Channel, source.Placement, Outcome.Unspecified, Behaviour.Unspecified, 0);
    }

    // One impression, one click, … of one action in one place is one response to a decision, however often a page reports it. Without a
    // decision there is nothing to tell two apart but their instant, and without that nothing at all.
    private static string MadeId(ActionResponse response, DateTimeOffset? occurredAt)
    {
        var answered = response.DecisionId.Length > 0 ? response.DecisionId
            : occurredAt is { } at ? at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)
            : Guid.NewGuid().ToString("N");
        var id = $"response:{answered}:{response.Action}:{response.Treatment}:{response.Channel}:{response.Placement}:{(int)response.Outcome}";
        return id.Length <= Limits.MessageIdCharsMax ? id : "response:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
    }

    private static Behaviour BehaviourOf(Api.Outcome outcome) => outcome switch
    {
        Api.Outcome.Clicked or Api.Outcome.Accepted or Api.Outcome.Converted => Behaviour.Positive,
        Api.Outcome.Rejected or Api.Outcome.Dismissed => Behaviour.Negative,
        _ => Behaviour.Neutral,
    };
}
