using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Strategies;
using Decisioning.Engine.Strategies.Written;
using NodaTime;

namespace Decisioning.Engine.Testing;

/// <summary>The tests of one strategy, read and checked against it.</summary>
/// <param name="Strategy">The strategy as they run it: without exploring, since nothing can be expected of chance.</param>
/// <param name="Cases">Every case, in the order of the files and of what is written in them; at most <see cref="Limits.TestCasesMax"/>.</param>
public sealed record TestSuite(Strategy Strategy, ImmutableArray<TestCase> Cases);

/// <summary>One customer's story: what happens, in virtual time, and what must be so at certain instants.</summary>
public sealed record TestCase
{
    internal TestCase(string name, Place place, DateTimeZone zone, ImmutableArray<TestStep> steps) =>
        (Name, File, Line, Zone, Steps) = (name, place.File, place.Line, zone, steps);

    /// <summary>Its name; of a case in a table the test's and the case's: <c>the touch model / gold</c>.</summary>
    public string Name { get; }

    /// <summary>The file it stands in, relative to the strategy's folder.</summary>
    public string File { get; }

    /// <summary>The line it begins at, from 1.</summary>
    public int Line { get; }

    internal DateTimeZone Zone { get; }

    internal ImmutableArray<TestStep> Steps { get; }
}

/// <summary>A step of a case. A closed set.</summary>
/// <param name="Place">Where it is written.</param>
/// <param name="At">The instant, UTC.</param>
internal abstract record TestStep(Place Place, DateTimeOffset At)
{
    /// <summary>Something happens to the customer.</summary>
    /// <param name="Place">Where it is written.</param>
    /// <param name="At">When we learn of it: the event's own time, or later for one that comes late.</param>
    /// <param name="Event">The event. A response without a decision answers the newest decision of the case that offered its action.</param>
    public sealed record Happens(Place Place, DateTimeOffset At, CustomerEvent Event) : TestStep(Place, At);

    /// <summary>Somebody looks at the customer, and may ask for the next best action.</summary>
    /// <param name="Place">Where it is written.</param>
    /// <param name="At">When.</param>
    /// <param name="Ask">The question; null for none.</param>
    /// <param name="Expected">What must be so; empty for a question whose answer does not matter here.</param>
    public sealed record Look(Place Place, DateTimeOffset At, DecisionRequest? Ask, ImmutableArray<Expectation> Expected) : TestStep(Place, At);
}

/// <summary>One thing that must be so.</summary>
/// <param name="Place">Where it is written.</param>
/// <param name="Subject">What is looked at.</param>
/// <param name="Name">Which one: the feature, the tag, the placement; empty where there is only one.</param>
/// <param name="Match">What it must be.</param>
internal sealed record Expectation(Place Place, Subject Subject, string Name, Match Match)
{
    /// <summary>What authors call it: <c>features.visits</c>.</summary>
    public string Path => Name.Length == 0 ? Word(Subject) : $"{Word(Subject)}.{Name}";

    /// <summary>The key that authors write for a subject.</summary>
    public static string Word(Subject subject) => subject switch
    {
        Subject.AllowedAgainAt => "allowed_again_at",
        Subject.SendAt => "send_at",
        _ => subject.ToString().ToLowerInvariant(),
    };
}

/// <summary>What an expectation looks at; its lower-case name is the key that authors write.</summary>
internal enum Subject
{
    Stages,
    Segments,
    Tags,
    Scores,
    Grades,
    Features,
    Profile,
    Rules,
    Triggers,
    Touch,
    Offers,
    First,
    Texts,
    Not,
    AllowedAgainAt,
    SendAt,
}
