using System.Collections.Immutable;
using Decisioning.Engine;
using Decisioning.Engine.Decisions;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Requests;

/// <summary>Reads questions for the next best action.</summary>
internal static class DecisionReader
{
    private const int NameCharsMax = 128;
    private const int ListItemsDefault = 3;

    public static DecisionRequest Read(Api.NextBestActionRequest source, Violations violations)
    {
        Fits(source.Container, "container", violations);
        Fits(source.Channel, "channel", violations);
        Fits(source.SessionId, "session_id", violations);
        Fits(source.DecisionRequestId, "decision_request_id", violations);
        var placements = ReadPlacements(source.Placements, "", violations);
        var items = ReadMaxItems(source.MaxItems, placements, "", violations);
        var containers = ReadContainers(source, violations);
        if (source.MinSequence < 0)
        {
            violations.Add("min_sequence", $"is {source.MinSequence}", "send the `sequence` of an acknowledgement, or leave it out");
        }

        if (source.Direction is < Api.Direction.Unspecified or > Api.Direction.Outbound)
        {
            violations.Add("direction", $"`{(int)source.Direction}` is not a direction", "send INBOUND or OUTBOUND");
        }

        if (source.Explain is < Api.ExplainLevel.Unspecified or > Api.ExplainLevel.Full)
        {
            violations.Add("explain", $"`{(int)source.Explain}` is not a level", "send NONE, SUMMARY or FULL");
        }

        if (source.Events.Count > Limits.EventsPerBatchMax)
        {
            violations.Add("events", $"has {source.Events.Count} events", $"send at most {Limits.EventsPerBatchMax}");
        }

        var context = new StructReader(violations).Read(source.Context, "context");
        return new DecisionRequest(
            source.DecisionRequestId.Length > 0 ? source.DecisionRequestId : RequestIds.Next(),
            source.Container,
            source.Channel,
            (Direction)source.Direction,
            placements,
            items,
            context,
            source.Explain switch
            {
                Api.ExplainLevel.None => ExplainLevel.None,
                Api.ExplainLevel.Full => ExplainLevel.Full,
                _ => ExplainLevel.Summary,
            },
            source.DryRun)
        {
            Containers = containers,
        };
    }

    /// <summary>The question a watch asks again and again: a preview that counts against nothing.</summary>
    public static DecisionRequest Read(Api.WatchRequest source, Violations violations)
    {
        Fits(source.Channel, "channel", violations);
        var placements = ReadPlacements(source.Placements, "", violations);
        return new DecisionRequest(
            "watch-" + Guid.NewGuid().ToString("N"),
            string.Empty,
            source.Channel,
            Direction.Inbound,
            placements,
            ReadMaxItems(source.MaxItems, placements, "", violations),
            Engine.Values.PropertyMap.Empty,
            ExplainLevel.None,
            DryRun: true);
    }

    private static ImmutableArray<RequestedContainer> ReadContainers(Api.NextBestActionRequest source, Violations violations)
    {
        var containers = source.Containers;
        if (containers.Count == 0)
        {
            return [];
        }

        if (source.Container.Length > 0 || source.Placements.Count > 0 || source.MaxItems != 0)
        {
            violations.Add("containers", "stand beside `container`, `placements` or `max_items`", "send either; each container has a name, placements and `max_items` of its own");
        }

        // A list takes a slot as a placement does.
        var slots = containers.Sum(container => Math.Max(1, container.Placements.Count));
        if (slots > Limits.PlacementsPerDecisionMax)
        {
            violations.Add("containers", $"have {slots} placements, lists counted as one", $"send at most {Limits.PlacementsPerDecisionMax}");
            return [];
        }

        var read = ImmutableArray.CreateBuilder<RequestedContainer>(containers.Count);
        for (var i = 0; i < containers.Count; i++)
        {
            var (container, at) = (containers[i], $"containers[{i}].");
            if (container.Name.Length is 0 or > NameCharsMax)
            {
                violations.Add(at + "name", "is empty or too long", $"send 1 to {NameCharsMax} characters");
            }
            else if (read.Any(before => before.Name == container.Name))
            {
                violations.Add(at + "name", $"`{container.Name}` is there twice", "name each container once, with all its placements");
            }

            var placements = ReadPlacements(container.Placements, at, violations);
            read.Add(new(container.Name, placements, ReadMaxItems(container.MaxItems, placements, at, violations)));
        }

        return read.MoveToImmutable();
    }

    private static int ReadMaxItems(int items, ImmutableArray<string> placements, string at, Violations violations)
    {
        if (items is < 0 or > Limits.DecisionItemsMax)
        {
            violations.Add(at + "max_items", $"is {items}", $"send 1 to {Limits.DecisionItemsMax}, or leave it out");
        }

        return items > 0 ? items : placements.IsEmpty ? ListItemsDefault : 1;
    }

    private static ImmutableArray<string> ReadPlacements(Google.Protobuf.Collections.RepeatedField<string> placements, string at, Violations violations)
    {
        if (placements.Count > Limits.PlacementsPerDecisionMax)
        {
            violations.Add(at + "placements", $"has {placements.Count} placements", $"send at most {Limits.PlacementsPerDecisionMax}");
            return [];
        }

        for (var i = 0; i < placements.Count; i++)
        {
            if (placements[i].Length is 0 or > NameCharsMax)
            {
                violations.Add($"{at}placements[{i}]", "is empty or too long", $"send 1 to {NameCharsMax} characters");
            }
            else if (placements.IndexOf(placements[i]) < i)
            {
                violations.Add($"{at}placements[{i}]", $"`{placements[i]}` is there twice", "name each placement once; `max_items` asks for more per placement");
            }
        }

        return [.. placements];
    }

    private static void Fits(string text, string field, Violations violations)
    {
        if (text.Length > NameCharsMax)
        {
            violations.Add(field, $"has {text.Length} characters", $"send at most {NameCharsMax}");
        }
    }
}
