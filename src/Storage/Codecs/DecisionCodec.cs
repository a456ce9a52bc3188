using System.Collections.Immutable;
using Decisioning.Engine;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Values;
using Decisioning.Storage.Wire;
using Google.Protobuf;

namespace Decisioning.Storage.Codecs;

/// <summary>Decisions to and from their stored form. What <see cref="DecisionRecord"/> says is made again is left out.</summary>
internal static class DecisionCodec
{
    // What most decisions fit in that say nothing of their reasons.
    private const int Room = 2048;

    public static byte[] Write(DecisionRecord record)
    {
        var writer = new WireWriter(Room);
        try
        {
            DecisionWire.Write(ref writer, record);
            return Seal.Write(record.Customer.Value, writer.Written);
        }
        finally
        {
            writer.Dispose();
        }
    }

    /// <param name="customer">Whose decision it should be.</param>
    /// <param name="payload">The bytes.</param>
    /// <param name="isSealed">Whether they must have a seal; those that older programs wrote have none.</param>
    /// <exception cref="InvalidProtocolBufferException">The bytes are not a decision.</exception>
    /// <exception cref="InvalidDataException">They are not as they were written, or another customer's.</exception>
    public static DecisionRecord Read(CustomerKey customer, ReadOnlySpan<byte> payload, bool isSealed = true)
    {
        var stored = Parse(customer.Value, payload, isSealed);
        return new(customer, Read(stored.Request), new Decision(
            stored.DecisionId,
            stored.Sequence,
            stored.Strategy,
            stored.StrategyVersion,
            stored.StrategyHash,
            Instants.Read(stored.DecidedAt),
            stored.Seed,
            [.. stored.Items.Select(Read)],
            [.. stored.Verdicts.Select(verdict => new Verdict(
                verdict.Action,
                (FunnelStage)verdict.Stage,
                verdict.Rule,
                "",
                PropertyMap.Empty,
                verdict.HasAllowedAgainAt ? Instants.Read(verdict.AllowedAgainAt) : null))],
            [],
            [.. stored.Stages],
            [.. stored.Segments],
            [.. stored.Tags],
            stored.Touch),
            Read(stored.OffersCounted));
    }

    /// <summary>The offers of a stored decision that are open at an instant; otherwise as <see cref="Read(CustomerKey, ReadOnlySpan{byte}, bool)"/>.</summary>
    public static IEnumerable<OpenOffer> ReadOpenOffers(string customer, ReadOnlySpan<byte> payload, DateTimeOffset now, bool isSealed = true)
    {
        var stored = Parse(customer, payload, isSealed);
        var at = Instants.Read(stored.DecidedAt);
        return stored.Items
            .Select(item => new OpenOffer(
                stored.DecisionId, item.Issue, item.Group, item.Action, item.Channel, at, Instants.Read(item.ExpiresAt)))
            .Where(offer => offer.ExpiresAt > now);
    }

    /// <summary>The newest open offers, oldest first, of decisions that were read newest first.</summary>
    public static ImmutableArray<OpenOffer> OpenOffersOf(List<IEnumerable<OpenOffer>> newestFirst)
    {
        newestFirst.Reverse();
        return [.. newestFirst.SelectMany(offers => offers).TakeLast(Limits.OpenOffersMax)];
    }

    private static OffersCounted? Read(StoredOffersCounted? stored) => stored is null ? null : new(
        stored.Count,
        stored.IsSaid
            ? [.. stored.Offers.Select(offer => new OpenOffer(
                offer.DecisionId, offer.Issue, offer.Group, offer.Action, offer.Channel, Instants.Read(offer.At), Instants.Read(offer.ExpiresAt)))]
            : null);

    /// <summary>When a stored decision was made. Its seal is not looked at; what cannot be read is never past its age.</summary>
    public static DateTimeOffset ReadDecidedAt(ReadOnlySpan<byte> payload)
    {
        try
        {
            return Instants.Read(StoredDecision.Parser.ParseFrom(payload).DecidedAt);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or ArgumentException)
        {
            return DateTimeOffset.MaxValue;
        }
    }

    private static StoredDecision Parse(string customer, ReadOnlySpan<byte> payload, bool isSealed)
    {
        var stored = StoredDecision.Parser.ParseFrom(payload);
        Seal.Check(customer, payload, stored.HasSeal || isSealed);
        return stored;
    }

    private static DecisionRequest Read(StoredRequest stored) => new(
        stored.RequestId,
        stored.Container,
        stored.Channel,
        (Direction)stored.Direction,
        [.. stored.Placements],
        stored.MaxItems,
        ValueCodec.Read(stored.Context),
        (ExplainLevel)stored.Explain,
        stored.DryRun)
    {
        Containers = [.. stored.Containers.Select(container => new RequestedContainer(container.Name, [.. container.Placements], container.MaxItems))],
    };

    private static DecisionItem Read(StoredItem stored) => new(
        stored.Rank,
        stored.Issue,
        stored.Group,
        stored.Action,
        stored.Treatment,
        stored.Channel,
        stored.Placement,
        PropertyMap.Empty,
        "",
        stored.IsFallback,
        stored.Propensity,
        stored.ContextWeight,
        stored.Value,
        stored.LeverWeight,
        stored.Priority,
        stored.ActionProbability,
        Instants.Read(stored.ExpiresAt),
        [.. stored.Reasons],
        stored.IsMandatory,
        stored.Bundle,
        stored.HasSendAt ? Instants.Read(stored.SendAt) : null,
        stored.Container);
}
