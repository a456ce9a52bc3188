using System.Collections.Immutable;

namespace Decisioning.Engine.Actions;

/// <summary>A name a content template reads, e.g. <c>profile.first_name</c>.</summary>
/// <param name="Root">One of <see cref="Roots"/>.</param>
/// <param name="Member">Which of the root's values.</param>
public readonly record struct TemplateName(string Root, string Member)
{
    /// <summary>An attribute of the customer's profile.</summary>
    public const string Profile = "profile";

    /// <summary>A feature of the strategy.</summary>
    public const string Features = "features";

    /// <summary>A field of the action: one of <see cref="ActionFields"/>.</summary>
    public const string Action = "action";

    /// <summary>What a name may begin with.</summary>
    public static ImmutableArray<string> Roots { get; } = [Profile, Features, Action];

    /// <summary>What <c>action.</c> has.</summary>
    public static ImmutableArray<string> ActionFields { get; } = ["issue", "group", "name", "treatment", "channel", "placement", "value"];

    /// <inheritdoc/>
    public override string ToString() => $"{Root}.{Member}";
}
