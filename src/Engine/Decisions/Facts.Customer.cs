using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Journeys;
using Decisioning.Engine.Policies;
using Decisioning.Engine.Rules;
using Decisioning.Engine.Scoring;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Decisions;

// The readers of tags, scores, stages, consent and profile.
public sealed partial class Facts
{
    /// <summary>Whether the customer carries a tag now.</summary>
    public bool HasTag(string name) => Tag(name) is not null;

    /// <summary>How strong a tag is: empty when its rule gives no level, null when the customer does not carry it now.</summary>
    public string? TagLevel(string name) => Tag(name)?.Level;

    /// <summary>The level of a tag as a rank: 0 when the customer does not carry it now, or at no level of these; 1 for the lowest, and so on.</summary>
    /// <param name="name">The tag.</param>
    /// <param name="levels">Its levels, lowest first.</param>
    public long TagRank(string name, ImmutableArray<string> levels) => Tag(name) is { } tag ? levels.IndexOf(tag.Level) + 1 : 0;

    /// <summary>A score now, decayed; 0 when nothing added to it.</summary>
    /// <param name="index">The score's <see cref="Scoring.Score.Index"/>.</param>
    public double Score(int index) => Find(index) is { } state ? Strategy.Scores[index].PointsAt(state, Now) : 0;

    /// <summary>The grade of a score now, as a rank: 0 for none, 1 for the lowest grade, and so on.</summary>
    /// <param name="index">The score's <see cref="Scoring.Score.Index"/>.</param>
    public long GradeRank(int index) => Strategy.Scores[index].RankAt(Find(index), Now);

    /// <summary>Whether the customer is in a stage.</summary>
    /// <param name="index">The stage's <see cref="Stage.Index"/>; so for all stage readers.</param>
    public bool InStage(int index) => Stage(index) is { IsIn: true };

    /// <summary>When the customer entered a stage last, be it left since or not; null for never.</summary>
    public DateTimeOffset? StageEnteredAt(int index) => Stage(index)?.EnteredAt;

    /// <summary>When the customer left a stage last; null for never, and while the customer is in it.</summary>
    public DateTimeOffset? StageExitedAt(int index) => Stage(index)?.ExitedAt;

    /// <summary>How often the customer entered a stage.</summary>
    public long StageEntries(int index) => Stage(index)?.Entries ?? 0;

    /// <summary>
    /// Whether the customer may be contacted for a purpose on a channel: granted there or on
    /// <see cref="ConsentState.AnyChannel"/>, and neither denied nor revoked on either.
    /// </summary>
    public bool ConsentGranted(string purpose, string channel) => Consents.Granted(State.Consents, purpose, channel);

    /// <summary>A profile attribute of any kind; null when unknown.</summary>
    public Value ProfileValue(string name) => State.Profile[name];

    /// <summary>A profile attribute as a text; null when unknown or of another kind. So for the other typed readers.</summary>
    public string? ProfileString(string name) => Properties.String(State.Profile[name]);

    /// <summary>A profile attribute as an int.</summary>
    public long? ProfileInt(string name) => Properties.Int(State.Profile[name]);

    /// <summary>A profile attribute as a double.</summary>
    public double? ProfileDouble(string name) => Properties.Double(State.Profile[name]);

    /// <summary>A profile attribute as a bool.</summary>
    public bool? ProfileBool(string name) => Properties.Bool(State.Profile[name]);

    /// <summary>A profile attribute as an instant; a date is its midnight in UTC.</summary>
    public DateTimeOffset? ProfileTimestamp(string name) => Properties.Timestamp(State.Profile[name]);

    /// <summary>A profile attribute as a span.</summary>
    public TimeSpan? ProfileDuration(string name) => Properties.Duration(State.Profile[name]);

    private TagState? Tag(string name)
    {
        foreach (var tag in State.Tags)
        {
            if (tag.Name == name)
            {
                return tag.HoldsAt(Now) ? tag : null;
            }
        }

        return null;
    }

    private ScoreState? Find(int score)
    {
        var name = Strategy.Scores[score].Name;
        foreach (var state in State.Scores)
        {
            if (state.Name == name)
            {
                return state;
            }
        }

        return null;
    }

    private StageState? Stage(int index)
    {
        var name = Strategy.Stages[index].Name;
        foreach (var stage in State.Stages)
        {
            if (stage.Name == name)
            {
                return stage;
            }
        }

        return null;
    }
}
