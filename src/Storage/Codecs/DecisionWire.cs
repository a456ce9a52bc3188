using System.Collections.Immutable;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Policies;
using Decisioning.Storage.Wire;

namespace Decisioning.Storage.Codecs;

/// <summary>
/// Decisions to the bytes of their stored form: what protobuf makes of the messages in <c>decision.proto</c>, without the messages. One is
/// written for each answer.
/// </summary>
internal static class DecisionWire
{
    public static void Write(ref WireWriter writer, DecisionRecord record)
    {
        var decision = record.Decision;
        if (record.Offers is { } offers)
        {
            Write(ref writer, offers);
        }

        writer.TextUnlessEmpty(StoredDecision.TouchFieldNumber, decision.Touch);
        WriteAll(ref writer, StoredDecision.TagsFieldNumber, decision.Tags);
        WriteAll(ref writer, StoredDecision.SegmentsFieldNumber, decision.Segments);
        WriteAll(ref writer, StoredDecision.StagesFieldNumber, decision.Stages);
        for (var i = decision.Verdicts.Length - 1; i >= 0; i--)
        {
            Write(ref writer, decision.Verdicts[i]);
        }

        for (var i = decision.Items.Length - 1; i >= 0; i--)
        {
            Write(ref writer, decision.Items[i]);
        }

        writer.Fixed64UnlessZero(StoredDecision.SeedFieldNumber, decision.Seed);
        writer.Fixed64UnlessZero(StoredDecision.DecidedAtFieldNumber, Instant(decision.DecidedAt));
        writer.TextUnlessEmpty(StoredDecision.StrategyHashFieldNumber, decision.StrategyHash);
        writer.VarintUnlessZero(StoredDecision.StrategyVersionFieldNumber, unchecked((ulong)decision.StrategyVersion));
        writer.TextUnlessEmpty(StoredDecision.StrategyFieldNumber, decision.Strategy);
        writer.VarintUnlessZero(StoredDecision.SequenceFieldNumber, unchecked((ulong)decision.Sequence));
        writer.TextUnlessEmpty(StoredDecision.DecisionIdFieldNumber, decision.DecisionId);
        Write(ref writer, record.Request);
    }

    private static void Write(ref WireWriter writer, OffersCounted offers)
    {
        var end = writer.Length;
        if (offers.Said is { } said)
        {
            for (var i = said.Length - 1; i >= 0; i--)
            {
                Write(ref writer, said[i]);
            }

            writer.Varint(StoredOffersCounted.IsSaidFieldNumber, 1);
        }

        writer.VarintUnlessZero(StoredOffersCounted.CountFieldNumber, unchecked((ulong)offers.Count));
        writer.Message(StoredDecision.OffersCountedFieldNumber, end);
    }

    private static void Write(ref WireWriter writer, OpenOffer offer)
    {
        var end = writer.Length;
        writer.Fixed64UnlessZero(StoredOffer.ExpiresAtFieldNumber, Instant(offer.ExpiresAt));
        writer.Fixed64UnlessZero(StoredOffer.AtFieldNumber, Instant(offer.At));
        writer.TextUnlessEmpty(StoredOffer.ChannelFieldNumber, offer.Channel);
        writer.TextUnlessEmpty(StoredOffer.ActionFieldNumber, offer.Action);
        writer.TextUnlessEmpty(StoredOffer.GroupFieldNumber, offer.Group);
        writer.TextUnlessEmpty(StoredOffer.IssueFieldNumber, offer.Issue);
        writer.TextUnlessEmpty(StoredOffer.DecisionIdFieldNumber, offer.DecisionId);
        writer.Message(StoredOffersCounted.OffersFieldNumber, end);
    }

    private static void Write(ref WireWriter writer, DecisionRequest request)
    {
        var end = writer.Length;
        for (var i = request.Containers.Length - 1; i >= 0; i--)
        {
            var containerEnd = writer.Length;
            var container = request.Containers[i];
            writer.VarintUnlessZero(StoredContainer.MaxItemsFieldNumber, unchecked((ulong)container.MaxItems));
            WriteAll(ref writer, StoredContainer.PlacementsFieldNumber, container.Placements);
            writer.TextUnlessEmpty(StoredContainer.NameFieldNumber, container.Name);
            writer.Message(StoredRequest.ContainersFieldNumber, containerEnd);
        }

        writer.VarintUnlessZero(StoredRequest.DryRunFieldNumber, request.DryRun ? 1ul : 0);
        writer.VarintUnlessZero(StoredRequest.ExplainFieldNumber, (uint)request.Explain);
        ValueWire.Write(ref writer, StoredRequest.ContextFieldNumber, request.Context);
        writer.VarintUnlessZero(StoredRequest.MaxItemsFieldNumber, unchecked((ulong)request.MaxItems));
        WriteAll(ref writer, StoredRequest.PlacementsFieldNumber, request.Placements);
        writer.VarintUnlessZero(StoredRequest.DirectionFieldNumber, (uint)request.Direction);
        writer.TextUnlessEmpty(StoredRequest.ChannelFieldNumber, request.Channel);
        writer.TextUnlessEmpty(StoredRequest.ContainerFieldNumber, request.Container);
        writer.TextUnlessEmpty(StoredRequest.RequestIdFieldNumber, request.RequestId);
        writer.Message(StoredDecision.RequestFieldNumber, end);
    }

    private static void Write(ref WireWriter writer, DecisionItem item)
    {
        var end = writer.Length;
        writer.TextUnlessEmpty(StoredItem.ContainerFieldNumber, item.Container);
        if (item.SendAt is { } at)
        {
            writer.Fixed64(StoredItem.SendAtFieldNumber, Instant(at));
        }

        writer.TextUnlessEmpty(StoredItem.BundleFieldNumber, item.Bundle);
        writer.VarintUnlessZero(StoredItem.IsMandatoryFieldNumber, item.IsMandatory ? 1ul : 0);
        WriteAll(ref writer, StoredItem.ReasonsFieldNumber, item.Reasons);
        writer.Fixed64UnlessZero(StoredItem.ExpiresAtFieldNumber, Instant(item.ExpiresAt));
        writer.DoubleUnlessZero(StoredItem.ActionProbabilityFieldNumber, item.ActionProbability);
        writer.DoubleUnlessZero(StoredItem.PriorityFieldNumber, item.Priority);
        writer.DoubleUnlessZero(StoredItem.LeverWeightFieldNumber, item.LeverWeight);
        writer.DoubleUnlessZero(StoredItem.ValueFieldNumber, item.Value);
        writer.DoubleUnlessZero(StoredItem.ContextWeightFieldNumber, item.ContextWeight);
        writer.DoubleUnlessZero(StoredItem.PropensityFieldNumber, item.Propensity);
        writer.VarintUnlessZero(StoredItem.IsFallbackFieldNumber, item.IsFallback ? 1ul : 0);
        writer.TextUnlessEmpty(StoredItem.PlacementFieldNumber, item.Placement);
        writer.TextUnlessEmpty(StoredItem.ChannelFieldNumber, item.Channel);
        writer.TextUnlessEmpty(StoredItem.TreatmentFieldNumber, item.Treatment);
        writer.TextUnlessEmpty(StoredItem.ActionFieldNumber, item.Action);
        writer.TextUnlessEmpty(StoredItem.GroupFieldNumber, item.Group);
        writer.TextUnlessEmpty(StoredItem.IssueFieldNumber, item.Issue);
        writer.VarintUnlessZero(StoredItem.RankFieldNumber, unchecked((ulong)item.Rank));
        writer.Message(StoredDecision.ItemsFieldNumber, end);
    }

    private static void Write(ref WireWriter writer, Verdict verdict)
    {
        var end = writer.Length;
        if (verdict.AllowedAgainAt is { } at)
        {
            writer.Fixed64(StoredVerdict.AllowedAgainAtFieldNumber, Instant(at));
        }

        writer.TextUnlessEmpty(StoredVerdict.RuleFieldNumber, verdict.Rule);
        writer.VarintUnlessZero(StoredVerdict.StageFieldNumber, (uint)verdict.Stage);
        writer.TextUnlessEmpty(StoredVerdict.ActionFieldNumber, verdict.Action);
        writer.Message(StoredDecision.VerdictsFieldNumber, end);
    }

    private static void WriteAll(ref WireWriter writer, int field, ImmutableArray<string> texts)
    {
        for (var i = texts.Length - 1; i >= 0; i--)
        {
            writer.Text(field, texts[i]);
        }
    }

    private static ulong Instant(DateTimeOffset at) => unchecked((ulong)Instants.Write(at));
}
