using Decisioning.Engine.Decisions;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Replies;

/// <summary>Writes what of a question looks like a mistake though it could be answered.</summary>
internal static class WarningWriter
{
    /// <summary>A warning for each placement asked for that no action has a treatment for.</summary>
    /// <param name="request">The question.</param>
    /// <param name="decision">Its answer.</param>
    /// <param name="isPublic">Whether the world asks: it is not told what else there is.</param>
    public static IEnumerable<Api.FieldViolation> Write(Api.NextBestActionRequest request, Decision decision, bool isPublic)
    {
        if (decision.UnknownPlacements.IsEmpty)
        {
            return [];
        }

        var asked = request.Containers.SelectMany((container, i) => Fields($"containers[{i}].placements", container.Placements)).Concat(Fields("placements", request.Placements));
        var on = request.Channel.Length > 0 ? $" on channel `{request.Channel}`" : "";
        var cure = isPublic ? "ask for a placement that the strategy has a treatment for"
            : decision.KnownPlacements.IsEmpty ? "ask for a channel that the strategy has treatments for"
            : $"ask for one that it has a treatment for: {string.Join(", ", decision.KnownPlacements.Select(known => $"`{known}`"))}";
        return asked.Where(field => decision.UnknownPlacements.Contains(field.Placement)).Select(field => new Api.FieldViolation
        {
            Field = field.Path,
            Description = $"the strategy has no treatment for `{field.Placement}`{on}",
            Cure = cure,
        });
    }

    private static IEnumerable<(string Path, string Placement)> Fields(string list, IEnumerable<string> placements) =>
        placements.Select((placement, i) => ($"{list}[{i}]", placement));
}
